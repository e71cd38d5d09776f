CREATE TABLE invitations (
  tenant_id      VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  invitation_id  BINARY(16) NOT NULL,
  contact_id     VARBINARY(128) NOT NULL,
  survey_id      VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  survey_version INT NOT NULL,
  state          TINYINT NOT NULL,
  schedule_time  BIGINT NOT NULL,
  expire_time    BIGINT NOT NULL,
  deliver_time   BIGINT NULL,
  answer_time    BIGINT NULL,
  payload        MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, invitation_id),
  KEY by_contact (tenant_id, contact_id, state, schedule_time),
  KEY by_schedule (tenant_id, state, schedule_time, invitation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
