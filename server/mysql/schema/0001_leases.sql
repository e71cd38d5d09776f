-- Work that one server does at a time is claimed here: a conditional UPDATE against the database's clock, with a fencing
-- token that grows with every new owner.
CREATE TABLE leases (
  name        VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lease_until BIGINT NOT NULL,
  token       BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
