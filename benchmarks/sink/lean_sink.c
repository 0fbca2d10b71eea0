/* lean_sink: an SMTP receiver (RFC 5321, PIPELINING of RFC 2920) that costs less than any sender. Linux only.
 *
 *   lean_sink [-i MILLISECONDS]
 *
 * It takes every message and keeps none. Standard output:
 *   port N             first, once it listens on a free port of 127.0.0.1
 *   first SECONDS      when it accepted its first message (CLOCK_MONOTONIC)
 *   count SECONDS N    with -i, that often: messages accepted so far
 *   accepted N         last, after SIGTERM or SIGINT
 *
 * One process, one epoll loop. What is read lands in one buffer shared by all connections; between two reads a
 * connection keeps only what it needs to go on: the beginning of a command line, or the last four bytes of a body, so
 * that an end-of-data marker cut by two reads is found.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 2048, READ = 128 * 1024, EVENTS = 256, BLOCK = 256 };
enum { REPLIES = 32 * (LINE + READ) }; /* an empty line, the shortest command, has a reply of 26 bytes */

struct connection {
	int socket;
	bool in_body, has_sender, has_recipient, quits;
	size_t kept;      /* bytes of `rest` in use */
	char rest[LINE];  /* an unfinished command line, or the end of the body so far */
};

static char input[LINE + READ];
static char replies[REPLIES];
static size_t reply_length;
static unsigned long accepted;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void print_now(const char *name, const char *format, unsigned long number)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	printf("%s %lld.%06ld", name, (long long)now.tv_sec, now.tv_nsec / 1000);
	printf(format, number);
	fflush(stdout);
}

static void reply(const char *line)
{
	size_t length = strlen(line);
	memcpy(replies + reply_length, line, length);
	reply_length += length;
}

static bool is_command(const char *line, size_t length, const char *verb)
{
	size_t wanted = strlen(verb);
	return length >= wanted && strncasecmp(line, verb, wanted) == 0;
}

/* Answers one command line, given without its CRLF. */
static void command(struct connection *peer, const char *line, size_t length)
{
	if (is_command(line, length, "MAIL FROM:")) {
		peer->has_sender = true;
		peer->has_recipient = false;
		reply("250 2.1.0 Ok\r\n");
	} else if (is_command(line, length, "RCPT TO:")) {
		peer->has_recipient = peer->has_sender;
		reply(peer->has_sender ? "250 2.1.5 Ok\r\n" : "503 5.5.1 MAIL first\r\n");
	} else if (is_command(line, length, "DATA")) {
		peer->in_body = peer->has_recipient;
		reply(peer->in_body ? "354 End data with <CR><LF>.<CR><LF>\r\n" : "503 5.5.1 RCPT first\r\n");
	} else if (is_command(line, length, "EHLO")) {
		reply("250-lean.invalid\r\n250-PIPELINING\r\n250-SIZE\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n");
	} else if (is_command(line, length, "HELO")) {
		reply("250 lean.invalid\r\n");
	} else if (is_command(line, length, "RSET")) {
		peer->has_sender = peer->has_recipient = false;
		reply("250 2.0.0 Ok\r\n");
	} else if (is_command(line, length, "NOOP")) {
		reply("250 2.0.0 Ok\r\n");
	} else if (is_command(line, length, "QUIT")) {
		peer->quits = true;
		reply("221 2.0.0 Bye\r\n");
	} else {
		reply("502 5.5.1 Unknown command\r\n");
	}
}

/* Whether a block holds "\n." at all; the compiler makes vector instructions of it. */
static bool has_dot_line(const char *block)
{
	unsigned char found = 0;
	for (size_t i = 0; i < BLOCK; i++)
		found |= (block[i] == '\n') & (block[i + 1] == '.');
	return found;
}

/* The address behind CRLF.CRLF, or NULL. */
static const char *end_of_body(const char *from, const char *end)
{
	const char *at = from + 1; /* where the marker's "\n." would be */
	while (end - at >= 4) {
		if (end - at > BLOCK && !has_dot_line(at)) {
			at += BLOCK;
			continue;
		}
		if (memcmp(at - 1, "\r\n.\r\n", 5) == 0)
			return at + 4;
		at++;
	}
	return NULL;
}

/* Keeps what the next read needs to go on. False: a command line longer than any real one. */
static bool keep(struct connection *peer, const char *from, size_t length)
{
	if (peer->in_body && length > 4) {
		from += length - 4;
		length = 4;
	}
	if (length > LINE)
		return false;
	memcpy(peer->rest, from, length);
	peer->kept = length;
	return true;
}

/* Goes through what is there: commands and bodies. False: the connection shall be closed. */
static bool digest(struct connection *peer, const char *from, const char *end)
{
	while (from < end && !peer->quits) {
		if (peer->in_body) {
			const char *next = end_of_body(from, end);
			if (!next)
				break;
			if (accepted++ == 0)
				print_now("first", "\n", 0);
			reply("250 2.0.0 Ok\r\n");
			peer->in_body = peer->has_sender = peer->has_recipient = false;
			from = next;
		} else {
			const char *line_end = memchr(from, '\n', (size_t)(end - from));
			if (!line_end)
				break;
			size_t length = (size_t)(line_end - from);
			command(peer, from, length && line_end[-1] == '\r' ? length - 1 : length);
			/* an empty body begins with its marker: it borrows the CRLF of the line DATA */
			from = peer->in_body ? line_end - 1 : line_end + 1;
		}
	}
	return keep(peer, from, (size_t)(end - from));
}

/* Reads once and answers. False: the connection is over. */
static bool serve(struct connection *peer)
{
	memcpy(input, peer->rest, peer->kept);
	ssize_t got = recv(peer->socket, input + peer->kept, READ, 0);
	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	reply_length = 0;
	bool sound = digest(peer, input, input + peer->kept + got);
	/* a sender that does not read some lines of reply is broken: no waiting for it */
	if (reply_length && send(peer->socket, replies, reply_length, MSG_NOSIGNAL) != (ssize_t)reply_length)
		return false;
	return sound && !peer->quits;
}

static void watch(int epoll, int descriptor, void *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0)
		die("epoll_ctl");
}

static void welcome(int epoll, int listener)
{
	int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	if (descriptor < 0)
		return;
	int on = 1;
	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	struct connection *peer = calloc(1, sizeof *peer);
	if (!peer)
		die("calloc");
	peer->socket = descriptor;
	watch(epoll, descriptor, peer);
	if (send(descriptor, "220 lean.invalid ESMTP\r\n", 24, MSG_NOSIGNAL) < 0)
		perror("send");
}

static int listen_somewhere(void)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 1024) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) < 0)
		die("listen");
	printf("port %d\n", ntohs(address.sin_port));
	fflush(stdout);
	return listener;
}

static int ending_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, 0);
}

static int ticking(long milliseconds)
{
	struct timespec gap = {milliseconds / 1000, milliseconds % 1000 * 1000000};
	struct itimerspec often = {gap, gap};
	int timer = timerfd_create(CLOCK_MONOTONIC, 0);
	timerfd_settime(timer, 0, &often, NULL);
	return timer;
}

int main(int count, char **arguments)
{
	int signals = ending_signals(), epoll = epoll_create1(0), listener = listen_somewhere(), timer = -1;
	watch(epoll, listener, &listener);
	watch(epoll, signals, &signals);
	if (count == 3 && strcmp(arguments[1], "-i") == 0 && atol(arguments[2]) > 0)
		watch(epoll, timer = ticking(atol(arguments[2])), &timer);
	for (;;) {
		struct epoll_event events[EVENTS];
		int ready = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < ready; i++) {
			void *what = events[i].data.ptr;
			if (what == &signals) {
				printf("accepted %lu\n", accepted);
				return 0;
			}
			if (what == &timer) {
				char ticks[8];
				if (read(timer, ticks, sizeof ticks) > 0)
					print_now("count", " %lu\n", accepted);
			} else if (what == &listener) {
				welcome(epoll, listener);
			} else if (!serve(what)) {
				close(((struct connection *)what)->socket);
				free(what);
			}
		}
	}
}
