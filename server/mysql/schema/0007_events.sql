-- event_key is a digest of source and id: the database itself refuses the duplicate. content_digest tells a repeated
-- event from another one under the same id. batch_id tells a publisher which rows are its own.
CREATE TABLE events (
  tenant_id      VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_key      BINARY(16) NOT NULL,
  type           VARCHAR(128) NOT NULL,
  contact_id     VARBINARY(128) NOT NULL,
  event_time     BIGINT NOT NULL,
  receive_time   BIGINT NOT NULL,
  content_digest BINARY(16) NOT NULL,
  batch_id       BINARY(16) NOT NULL,
  payload        MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, event_key),
  KEY by_time (tenant_id, event_time, event_key),
  KEY by_contact (tenant_id, contact_id, event_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
