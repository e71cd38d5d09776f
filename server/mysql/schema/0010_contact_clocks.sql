-- Frequency caps: when a clock of a contact last let a survey through. Locked and moved in the invitation's transaction.
CREATE TABLE contact_clocks (
  tenant_id  VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contact_id VARBINARY(128) NOT NULL,
  clock      VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_time  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, clock)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
