"""What must be remembered: subscribers, suppressions, mailings and the ledger. The only room with a database.

A table of names and nothing else: all that flows may take from the store stands in this one place.
"""

from ruhrmail.model.consent import LASTING, Reason, Suppression
from ruhrmail.store.access import Received, Record, read_record
from ruhrmail.store.address_changes import (
    NewAddress,
    Terms,
    ask_for_change,
    change_address,
    find_change,
)
from ruhrmail.store.addresses import superseded_keys
from ruhrmail.store.approvals import read_approvals, record_approvals
from ruhrmail.store.backups import Restored, back_up, restore, restored_since
from ruhrmail.store.bounces import (
    NewReturn,
    Sending,
    find_sending,
    find_sending_to,
    is_read,
    note_return,
    record_return,
)
from ruhrmail.store.consents import granted_keys, holds_consents, purge_unconfirmed, withdraw
from ruhrmail.store.copying import Copied, copy_store
from ruhrmail.store.databases import exists, is_shared, put_aside
from ruhrmail.store.directory import Census, Entry, Month, Search, further_columns, read_directory, take_census
from ruhrmail.store.enrolment import count_newcomers, count_open, enrol
from ruhrmail.store.figures import all_figures, figures, message_id, read_deliveries, read_in_state
from ruhrmail.store.forgetting import forget, is_moving, keys_of
from ruhrmail.store.halting import go_on, is_halted, stop_mailing, stop_planned
from ruhrmail.store.holder import Holder
from ruhrmail.store.importing import ReadRoster, import_people, imported_columns
from ruhrmail.store.insight import (
    DomainTrouble,
    Pace,
    Refusal,
    Troubles,
    count_suppressions,
    read_pace,
    read_troubles,
    recent_figures,
)
from ruhrmail.store.jobs import (
    DUTIES,
    MOST_SLOTS,
    SLOT,
    SLOTS,
    count_waiting,
    enqueue_slots,
    jobs_ahead,
    open_engine,
    prepare_engine,
    try_dialling,
)
from ruhrmail.store.joining import Letter, confirm, consents_by_token_id, record_request
from ruhrmail.store.leaving import Departure, Leaver, depart, evidence_of_mail
from ruhrmail.store.ledger import Ledger
from ruhrmail.store.lock import ensure_nobody_waits, find_sender, find_waiting, sender_lock, waiting_lock
from ruhrmail.store.mailings import (
    Destination,
    Mailing,
    MailingState,
    NewMailing,
    begin_mailing,
    find_mailing,
    finish_if_done,
    mailing_by_id,
    mailings_of,
    note_unchecked,
    public_slugs,
    read_prepared_messages,
    withdraw_mailing,
)
from ruhrmail.store.moving_in import move_in
from ruhrmail.store.opening import Randomness, Store, open_rehearsal, open_store, open_store_readonly
from ruhrmail.store.outbox import count_posts, give_back_posts, has_due_posts, oldest_post, record_posts, take_posts
from ruhrmail.store.outstanding import (
    begin_planned,
    begin_with,
    first_due,
    has_due,
    overrule_quiet,
    unfinished_mailings,
)
from ruhrmail.store.patience import after_a_minute, patiently
from ruhrmail.store.preferences import Chooser, choose, find_chooser
from ruhrmail.store.quarantine import is_suspicious
from ruhrmail.store.recent import Recent, recent_attempts
from ruhrmail.store.recovery import prove_sent
from ruhrmail.store.reporting import Tally, tally_mailing
from ruhrmail.store.retrying import count_retriable, pull_forward, retry_failed
from ruhrmail.store.roster import RosterState, roster_state, sync_roster
from ruhrmail.store.sampling import draw_sample
from ruhrmail.store.schedule import begin_scheduled, schedule_new, schedule_rest
from ruhrmail.store.searching import find_by_message_id
from ruhrmail.store.services import ensure_no_services, find_services, serving_lock
from ruhrmail.store.shares import count_kind, read_domain_shares, read_share, read_share_since
from ruhrmail.store.soundness import find_damage
from ruhrmail.store.sources import free_source, keep_position, take_source
from ruhrmail.store.subscribers import (
    count_suppressed,
    count_without,
    list_size,
    people,
    subscriber_by_token_id,
)
from ruhrmail.store.suppressions import suppress, suppress_by_hand, suppression, unsuppress_by_hand
from ruhrmail.store.tallies import add_answers, count_records, count_returns, read_answers
from ruhrmail.store.timeline import ensure_settled, read_lost_spans
from ruhrmail.store.together import together
from ruhrmail.store.workers import (
    beat,
    bury_silent,
    clock_lead,
    give_back_left,
    note_keys,
    read_keys,
    read_workers,
    sign_off,
    sign_on,
)

__all__ = [
    "DUTIES",
    "LASTING",
    "MOST_SLOTS",
    "SLOT",
    "SLOTS",
    "Census",
    "Chooser",
    "Copied",
    "Departure",
    "Destination",
    "DomainTrouble",
    "Entry",
    "Holder",
    "Leaver",
    "Ledger",
    "Letter",
    "Mailing",
    "MailingState",
    "Month",
    "NewAddress",
    "NewMailing",
    "NewReturn",
    "Pace",
    "Randomness",
    "ReadRoster",
    "Reason",
    "Received",
    "Recent",
    "Record",
    "Refusal",
    "Restored",
    "RosterState",
    "Search",
    "Sending",
    "Store",
    "Suppression",
    "Tally",
    "Terms",
    "Troubles",
    "add_answers",
    "after_a_minute",
    "all_figures",
    "ask_for_change",
    "back_up",
    "beat",
    "begin_mailing",
    "begin_planned",
    "begin_scheduled",
    "begin_with",
    "bury_silent",
    "change_address",
    "choose",
    "clock_lead",
    "confirm",
    "consents_by_token_id",
    "copy_store",
    "count_kind",
    "count_newcomers",
    "count_open",
    "count_posts",
    "count_records",
    "count_retriable",
    "count_returns",
    "count_suppressed",
    "count_suppressions",
    "count_waiting",
    "count_without",
    "depart",
    "draw_sample",
    "enqueue_slots",
    "enrol",
    "ensure_no_services",
    "ensure_nobody_waits",
    "ensure_settled",
    "evidence_of_mail",
    "exists",
    "figures",
    "find_by_message_id",
    "find_change",
    "find_chooser",
    "find_damage",
    "find_mailing",
    "find_sender",
    "find_sending",
    "find_sending_to",
    "find_services",
    "find_waiting",
    "finish_if_done",
    "first_due",
    "forget",
    "free_source",
    "further_columns",
    "give_back_left",
    "give_back_posts",
    "go_on",
    "granted_keys",
    "has_due",
    "has_due_posts",
    "holds_consents",
    "import_people",
    "imported_columns",
    "is_halted",
    "is_moving",
    "is_read",
    "is_shared",
    "is_suspicious",
    "jobs_ahead",
    "keep_position",
    "keys_of",
    "list_size",
    "mailing_by_id",
    "mailings_of",
    "message_id",
    "move_in",
    "note_keys",
    "note_return",
    "note_unchecked",
    "oldest_post",
    "open_engine",
    "open_rehearsal",
    "open_store",
    "open_store_readonly",
    "overrule_quiet",
    "patiently",
    "people",
    "prepare_engine",
    "prove_sent",
    "public_slugs",
    "pull_forward",
    "purge_unconfirmed",
    "put_aside",
    "read_answers",
    "read_approvals",
    "read_deliveries",
    "read_directory",
    "read_domain_shares",
    "read_in_state",
    "read_keys",
    "read_lost_spans",
    "read_pace",
    "read_prepared_messages",
    "read_record",
    "read_share",
    "read_share_since",
    "read_troubles",
    "read_workers",
    "recent_attempts",
    "recent_figures",
    "record_approvals",
    "record_posts",
    "record_request",
    "record_return",
    "restore",
    "restored_since",
    "retry_failed",
    "roster_state",
    "schedule_new",
    "schedule_rest",
    "sender_lock",
    "serving_lock",
    "sign_off",
    "sign_on",
    "stop_mailing",
    "stop_planned",
    "subscriber_by_token_id",
    "superseded_keys",
    "suppress",
    "suppress_by_hand",
    "suppression",
    "sync_roster",
    "take_census",
    "take_posts",
    "take_source",
    "tally_mailing",
    "together",
    "try_dialling",
    "unfinished_mailings",
    "unsuppress_by_hand",
    "waiting_lock",
    "withdraw",
    "withdraw_mailing",
]
