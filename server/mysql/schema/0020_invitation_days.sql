-- Daily limits: how many invitations are due on one of the tenant's days (days since 1970), of one trigger, or under '' of
-- all. Locked and counted up in the invitation's transaction, where there is a limit.
CREATE TABLE invitation_days (
  tenant_id  VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  trigger_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due_day    INT NOT NULL,
  total      INT NOT NULL,
  PRIMARY KEY (tenant_id, trigger_id, due_day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
