-- One row for every event and trigger: what was decided, and why.
CREATE TABLE decisions (
  tenant_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_key     BINARY(16) NOT NULL,
  trigger_id    VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  outcome       TINYINT NOT NULL,
  reason        SMALLINT NOT NULL,
  contact_id    VARBINARY(128) NOT NULL,
  event_time    BIGINT NOT NULL,
  decide_time   BIGINT NOT NULL,
  invitation_id BINARY(16) NULL,
  payload       MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, event_key, trigger_id),
  KEY by_trigger (tenant_id, trigger_id, outcome, reason, event_time),
  KEY by_contact (tenant_id, contact_id, event_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
