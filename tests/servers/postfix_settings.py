"""main.cf, master.cf and the tables of a Postfix in a folder of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rules:
    """How the relay behaves. `size` in bytes, `rate` in messages per `rate_seconds` and client (450 beyond it),
    `connections` per client (421 beyond it), `refused` by address (`550 5.1.1 unknown`), `methods` of login,
    `full` for a queue without space (452 at MAIL). `hops` says where a recipient's mail goes on to, by address
    (`smtp:[127.0.0.1]:2525`); after `lifetime` it is given up. What fails is reported to its envelope sender.
    `main` and `master` are further settings and services, as an operator writes them."""

    pipelining: bool = True
    size: int = 10_240_000
    rate: int = 0
    rate_seconds: int = 2
    connections: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)
    methods: str = "PLAIN LOGIN"
    full: bool = False
    hops: Mapping[str, str] = field(default_factory=dict)
    lifetime: str = "5d"
    main: Mapping[str, str] = field(default_factory=dict)
    master: str = ""


def write_settings(folder: Path, port: int, rules: Rules) -> None:
    """All of its files in `folder`/etc."""
    etc = folder / "etc"
    values = settings(folder, rules)
    tables = [one["transport_maps"] for one in (rules.main, values) if "transport_maps" in one]
    values |= {**rules.main, "transport_maps": ", ".join(map(str, tables))}
    (etc / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
    (etc / "master.cf").write_text(f"127.0.0.1:{port} inet n - n - - smtpd\n{SERVICES}{rules.master}")
    (etc / "ours").write_text("/\\.example$/ ours\n")
    (etc / "refused").write_text("".join(f"/^{re.escape(one)}$/ {reply}\n" for one, reply in rules.refused.items()))
    (etc / "hops").write_text("".join(f"/^{re.escape(one)}$/ {hop}\n" for one, hop in rules.hops.items()))
    (etc / "sasl" / "smtpd.conf").write_text(
        "pwcheck_method: auxprop\nauxprop_plugin: sasldb\n"
        f"sasldb_path: {etc}/sasl/accounts\nmech_list: {rules.methods}\n"
    )


def settings(folder: Path, rules: Rules) -> dict[str, object]:
    """main.cf."""
    return {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        # After a restart mail waits for its next try: a second, not the five minutes of a real server.
        "queue_run_delay": "1s",
        "minimal_backoff_time": "1s",
        "maximal_backoff_time": "2s",
        "transport_retry_time": "1s",
        "maillog_file": folder / "log",
        "maillog_file_prefixes": folder,
        "myhostname": "relay.example",
        "mydestination": "",
        "mynetworks": "",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "alias_database": "",
        "default_transport": "error:nothing leaves this machine",
        "transport_maps": f"regexp:{folder}/etc/hops",
        "maximal_queue_lifetime": rules.lifetime,
        "smtp_host_lookup": "native",
        "smtp_dns_support_level": "disabled",
        "virtual_mailbox_domains": f"regexp:{folder}/etc/ours",
        "virtual_mailbox_maps": "static:box/",
        "virtual_mailbox_base": folder / "mail",
        "virtual_mailbox_limit": 0,
        "virtual_uid_maps": "static:65534",
        "virtual_gid_maps": "static:65534",
        "smtpd_tls_chain_files": folder / "etc" / "tls.pem",
        "smtpd_tls_security_level": "encrypt",
        "smtpd_tls_auth_only": "yes",
        "smtpd_sasl_auth_enable": "yes",
        "smtpd_sasl_local_domain": "relay.example",
        "cyrus_sasl_config_path": folder / "etc" / "sasl",  # Debian's looks there anyhow
        "smtpd_relay_restrictions": "permit_sasl_authenticated, reject",
        "smtpd_recipient_restrictions": f"check_recipient_access regexp:{folder}/etc/refused, "
        "reject_unauth_destination, reject_unauth_pipelining",
        "smtpd_data_restrictions": "reject_unauth_pipelining",
        "smtpd_discard_ehlo_keywords": "" if rules.pipelining else "pipelining",
        "smtpd_client_event_limit_exceptions": "",
        "smtpd_client_message_rate_limit": rules.rate,
        "smtpd_client_connection_count_limit": rules.connections,
        "anvil_rate_time_unit": f"{rules.rate_seconds}s",
        "smtpd_junk_command_limit": 10000,
        "message_size_limit": rules.size,
        "queue_minfree": 1 << 60 if rules.full else 0,
    }


# qmgr looks each second for what it put back because another process held it; that may happen where the next try comes
# within a second, and after five minutes, as on a real server, nobody waits any more.
SERVICES = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
smtp unix - - n - - smtp
virtual unix - n n - - virtual
scache unix - - n - 1 scache
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
