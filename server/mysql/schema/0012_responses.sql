-- single_use_key is never NULL: a digest of the invitation, else of the caller's request id, else the response id itself.
-- The database refuses the second answer. content_digest tells a repeated call from a different one.
CREATE TABLE responses (
  tenant_id      VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  response_id    BINARY(16) NOT NULL,
  single_use_key BINARY(16) NOT NULL,
  content_digest BINARY(16) NOT NULL,
  survey_id      VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  survey_version INT NOT NULL,
  contact_id     VARBINARY(128) NOT NULL,
  invitation_id  BINARY(16) NULL,
  answer_time    BIGINT NOT NULL,
  create_time    BIGINT NOT NULL,
  payload        MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, response_id),
  UNIQUE KEY by_single_use (tenant_id, single_use_key),
  KEY by_survey (tenant_id, survey_id, response_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
