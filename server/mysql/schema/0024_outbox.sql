-- Messages on their way. A worker claims one by a conditional UPDATE of owner, lease_until (by the database's clock) and
-- token + 1; what it writes later names that token and so matches no row once another worker has claimed the message.
CREATE TABLE outbox (
  tenant_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_id    BINARY(16) NOT NULL,
  invitation_id BINARY(16) NOT NULL,
  contact_id    VARBINARY(128) NOT NULL,
  channel       TINYINT NOT NULL,
  reminder      TINYINT NOT NULL,
  state         TINYINT NOT NULL,
  attempt_time  BIGINT NOT NULL,
  attempt_count INT NOT NULL,
  owner         VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lease_until   BIGINT NOT NULL,
  token         BIGINT NOT NULL,
  create_time   BIGINT NOT NULL,
  finish_time   BIGINT NULL,
  payload       MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, message_id),
  KEY by_due (state, tenant_id, channel, attempt_time),
  KEY by_state (tenant_id, state, message_id),
  KEY by_invitation (tenant_id, invitation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
