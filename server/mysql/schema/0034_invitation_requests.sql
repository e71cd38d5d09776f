-- Invitations that were made by hand under a request_id: which invitation each made, and of what content, so that a call
-- that is repeated finds it.
CREATE TABLE invitation_requests (
  tenant_id      VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_key    BINARY(16) NOT NULL,
  invitation_id  BINARY(16) NOT NULL,
  content_digest BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, request_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
