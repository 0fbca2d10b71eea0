BEGIN TRANSACTION;
CREATE TABLE attempts (
	delivery INTEGER NOT NULL, 
	number SMALLINT NOT NULL, 
	at BIGINT NOT NULL, 
	outcome TEXT NOT NULL, 
	code SMALLINT, 
	enhanced_code TEXT NOT NULL, 
	text TEXT NOT NULL, 
	relay TEXT NOT NULL, 
	PRIMARY KEY (delivery, number), 
	FOREIGN KEY(delivery) REFERENCES deliveries (id)
)
 WITHOUT ROWID

;
INSERT INTO "attempts" VALUES(1,1,1793955600000000,'sent',250,'2.0.0','queued','relay');
INSERT INTO "attempts" VALUES(2,1,1793955600000000,'failed',550,'5.7.1','no','relay');
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	mailing INTEGER NOT NULL, 
	subscriber INTEGER NOT NULL, 
	variant TEXT NOT NULL, 
	state TEXT NOT NULL, 
	token TEXT, 
	lease_until BIGINT, 
	attempts SMALLINT NOT NULL, 
	enrolled_at BIGINT NOT NULL, 
	first_at BIGINT, 
	next_at BIGINT, 
	code SMALLINT, 
	enhanced_code TEXT NOT NULL, 
	text TEXT NOT NULL, 
	relay TEXT NOT NULL, 
	at BIGINT, 
	earlier SMALLINT DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (mailing, subscriber), 
	FOREIGN KEY(mailing) REFERENCES mailings (id), 
	FOREIGN KEY(subscriber) REFERENCES subscribers (id)
);
INSERT INTO "deliveries" VALUES(1,1,1,'','sent',NULL,NULL,1,1793955600000000,1793955600000000,NULL,250,'2.0.0','queued','relay',1793955600000000,0);
INSERT INTO "deliveries" VALUES(2,1,2,'','failed',NULL,NULL,1,1793955600000000,1793955600000000,NULL,550,'5.7.1','no','relay',1793955600000000,0);
INSERT INTO "deliveries" VALUES(3,1,3,'','in_flight','0000000000000005',1793956500000000,0,1793955600000000,1793955600000000,NULL,NULL,'','','',NULL,0);
CREATE TABLE mailings (
	id INTEGER NOT NULL, 
	issue TEXT NOT NULL, 
	audience TEXT NOT NULL, 
	destination TEXT NOT NULL, 
	state TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	sender TEXT NOT NULL, 
	domain TEXT NOT NULL, 
	manifest JSON NOT NULL, 
	variants JSON, 
	legal_basis TEXT NOT NULL, 
	started_at BIGINT NOT NULL, 
	finished_at BIGINT, 
	prepared_at BIGINT, 
	scheduled_for BIGINT, 
	stopped_at BIGINT, 
	reason JSON, 
	PRIMARY KEY (id), 
	UNIQUE (issue, audience, destination)
);
INSERT INTO "mailings" VALUES(1,'2026-11','','relay','open','Licht','Ruhrblick <r@n.example>','n.example','{"a": "b"}',NULL,'',1793955600000000,NULL,1793955600000000,NULL,NULL,NULL);
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('id','0000000000000001');
INSERT INTO "meta" VALUES('version','3');
INSERT INTO "meta" VALUES('created_at','2026-11-06T09:00:00+00:00');
INSERT INTO "meta" VALUES('roster_sha256','sha');
INSERT INTO "meta" VALUES('roster_complaints','0');
INSERT INTO "meta" VALUES('roster_reading','1');
CREATE TABLE prepared_messages (
	mailing INTEGER NOT NULL, 
	variant TEXT NOT NULL, 
	language TEXT NOT NULL, 
	parts JSON NOT NULL, 
	PRIMARY KEY (mailing, variant), 
	FOREIGN KEY(mailing) REFERENCES mailings (id)
);
INSERT INTO "prepared_messages" VALUES(1,'','de','["To: ", {"place": "to", "text": []}, "\r\nSubject: ", {"place": "subject", "text": ["Hallo ", {"name": "first_name", "default": "\u00c4", "place": "html"}]}, "\r\n"]');
CREATE TABLE subscribers (
	id INTEGER NOT NULL, 
	token_id BLOB NOT NULL, 
	"key" TEXT NOT NULL, 
	email TEXT NOT NULL, 
	salutation TEXT NOT NULL, 
	title TEXT NOT NULL, 
	first_name TEXT NOT NULL, 
	last_name TEXT NOT NULL, 
	company TEXT NOT NULL, 
	language TEXT NOT NULL, 
	tags JSON NOT NULL, 
	consented_at TEXT NOT NULL, 
	consent_source TEXT NOT NULL, 
	consent_text TEXT NOT NULL, 
	fields JSON NOT NULL, 
	on_roster INTEGER, 
	joined TEXT, 
	created_at BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (token_id), 
	UNIQUE ("key")
);
INSERT INTO "subscribers" VALUES(1,X'0000000000000002','erika.halde@zeche.example','Erika.Halde@zeche.example','','','Erika','','','','["ruhr"]','2024-05-01','Messe','Ja, gern','{"ort": "Essen"}',1,NULL,1793955600000000);
INSERT INTO "subscribers" VALUES(2,X'0000000000000003','p0@example.org','p0@example.org','','','','','','','[]','','','','{}',1,NULL,1793955600000000);
INSERT INTO "subscribers" VALUES(3,X'0000000000000004','p1@example.org','p1@example.org','','','','','','','[]','','','','{}',1,NULL,1793955600000000);
CREATE TABLE suppressions (
	"key" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	evidence TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "suppressions" VALUES('weg@zeche.example','unsubscribed',1793955600000000,'link');
CREATE INDEX deliveries_due ON deliveries (mailing, next_at) WHERE state = 'deferred';
CREATE INDEX deliveries_by_state ON deliveries (mailing, state, id);
COMMIT;
