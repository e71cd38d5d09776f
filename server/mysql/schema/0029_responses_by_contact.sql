-- For what asks about one person: merging, and later erasure.
ALTER TABLE responses ADD KEY by_contact (tenant_id, contact_id);
