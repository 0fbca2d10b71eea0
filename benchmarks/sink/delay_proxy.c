/* delay_proxy: a TCP relay on loopback that holds back every byte, as a distant server would. Linux only.
 *
 *   delay_proxy PORT MILLISECONDS
 *
 * What one side sends reaches the other MILLISECONDS later, so a round trip takes twice as long. Bandwidth is not
 * limited and nothing is lost; TCP's slow start and handshake are not imitated. Connects to PORT of 127.0.0.1 for each
 * connection it takes and prints `port N` first, the free port it listens on. Any signal ends it.
 *
 * One process, one poll loop. Each direction is a queue of chunks with the time at which they may go on.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, QUEUE = 64, LINKS = 256 };

typedef long long nanoseconds;

struct chunk {
	struct chunk *next;
	nanoseconds due;
	size_t length, gone; /* length 0: the end of the stream */
	char bytes[CHUNK];
};

struct lane {
	int from, to;
	struct chunk *first, *last;
	int queued;
	bool ended, over; /* nothing more comes in; the end has been passed on */
};

struct link {
	struct lane there, back;
};

static struct link *links[LINKS];
static int link_count;
static struct chunk *unused;
static nanoseconds delay;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static nanoseconds now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static struct chunk *take_chunk(void)
{
	struct chunk *chunk = unused;
	if (chunk)
		unused = chunk->next;
	else if (!(chunk = malloc(sizeof *chunk)))
		die("malloc");
	chunk->next = NULL;
	chunk->gone = 0;
	return chunk;
}

static void drop_first(struct lane *lane)
{
	struct chunk *chunk = lane->first;
	lane->first = chunk->next;
	lane->queued--;
	chunk->next = unused;
	unused = chunk;
}

/* Queues what is there to read; an error counts as the end of the stream. */
static void fill(struct lane *lane)
{
	struct chunk *chunk = take_chunk();
	ssize_t got = recv(lane->from, chunk->bytes, CHUNK, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
		chunk->next = unused;
		unused = chunk;
		return;
	}
	chunk->length = got > 0 ? (size_t)got : 0;
	chunk->due = now() + delay;
	lane->ended = got <= 0;
	if (lane->queued++)
		lane->last->next = chunk;
	else
		lane->first = chunk;
	lane->last = chunk;
}

/* Passes on what is due. */
static void empty(struct lane *lane, nanoseconds time)
{
	while (lane->queued && lane->first->due <= time) {
		struct chunk *chunk = lane->first;
		if (chunk->length == 0) {
			shutdown(lane->to, SHUT_WR);
			lane->over = true;
		} else {
			ssize_t sent = send(lane->to, chunk->bytes + chunk->gone, chunk->length - chunk->gone, MSG_NOSIGNAL);
			if (sent < 0 && (errno == EAGAIN || errno == EINTR))
				return;
			/* a side that is gone takes nothing more: the rest is dropped, the end follows */
			chunk->gone = sent < 0 ? chunk->length : chunk->gone + (size_t)sent;
			if (chunk->gone < chunk->length)
				return;
		}
		drop_first(lane);
	}
}

static int prepared(int socket)
{
	int on = 1;
	setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
	return socket;
}

static void welcome(int listener, const struct sockaddr_in *target)
{
	int near = accept(listener, NULL, NULL);
	if (near < 0)
		return;
	int far = socket(AF_INET, SOCK_STREAM, 0);
	if (link_count == LINKS || far < 0 || connect(far, (const struct sockaddr *)target, sizeof *target) < 0) {
		perror("delay_proxy: a connection was refused");
		close(near);
		close(far);
		return;
	}
	struct link *link = calloc(1, sizeof *link);
	if (!link)
		die("calloc");
	link->there = (struct lane){.from = prepared(near), .to = prepared(far)};
	link->back = (struct lane){.from = far, .to = near};
	links[link_count++] = link;
}

static void end_link(int index)
{
	struct link *link = links[index];
	close(link->there.from);
	close(link->there.to);
	free(link);
	links[index] = links[--link_count];
}

/* What to wait for at the socket that `in` reads from and `out` writes to. */
static struct pollfd wish(const struct lane *in, const struct lane *out, nanoseconds time)
{
	bool reads = !in->ended && in->queued < QUEUE;
	bool writes = out->queued && out->first->due <= time;
	short events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
	return (struct pollfd){.fd = events ? in->from : -1, .events = events};
}

static nanoseconds earlier(nanoseconds best, const struct lane *lane, nanoseconds time)
{
	bool waits = lane->queued && lane->first->due > time && lane->first->due < best;
	return waits ? lane->first->due : best;
}

/* One turn: pass on what is due, wait for the next thing to happen, take in what came. */
static void turn(int listener, const struct sockaddr_in *target)
{
	struct pollfd polled[1 + 2 * LINKS] = {{.fd = listener, .events = POLLIN}};
	nanoseconds time = now(), next = LLONG_MAX;
	for (int i = link_count - 1; i >= 0; i--) {
		empty(&links[i]->there, time);
		empty(&links[i]->back, time);
		if (links[i]->there.over && links[i]->back.over)
			end_link(i);
	}
	int waiting = link_count;
	for (int i = 0; i < waiting; i++) {
		struct lane *there = &links[i]->there, *back = &links[i]->back;
		polled[1 + 2 * i] = wish(there, back, time);
		polled[2 + 2 * i] = wish(back, there, time);
		next = earlier(earlier(next, there, time), back, time);
	}
	nanoseconds gap = next == LLONG_MAX ? 0 : next - time;
	struct timespec wait = {gap / 1000000000LL, gap % 1000000000LL};
	if (ppoll(polled, (nfds_t)(1 + 2 * waiting), next == LLONG_MAX ? NULL : &wait, NULL) < 0 && errno != EINTR)
		die("ppoll");
	for (int i = 0; i < waiting; i++) {
		if (polled[1 + 2 * i].revents & (POLLIN | POLLHUP | POLLERR) && !links[i]->there.ended)
			fill(&links[i]->there);
		if (polled[2 + 2 * i].revents & (POLLIN | POLLHUP | POLLERR) && !links[i]->back.ended)
			fill(&links[i]->back);
	}
	if (polled[0].revents)
		welcome(listener, target);
}

int main(int count, char **arguments)
{
	if (count != 3 || atoi(arguments[1]) <= 0 || atoi(arguments[2]) < 0) {
		fprintf(stderr, "usage: delay_proxy PORT MILLISECONDS\n");
		return 2;
	}
	delay = atoi(arguments[2]) * 1000000LL;
	struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, own = target;
	target.sin_port = htons((unsigned short)atoi(arguments[1]));
	socklen_t length = sizeof own;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&own, length) < 0 || listen(listener, 1024) < 0 ||
	    getsockname(listener, (struct sockaddr *)&own, &length) < 0)
		die("listen");
	printf("port %d\n", ntohs(own.sin_port));
	fflush(stdout);
	for (;;)
		turn(listener, &target);
}
