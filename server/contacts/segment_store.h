// The rows of segments. The etag is the revision. Thread-safe; calls block. The database must outlive the store.
#ifndef CANVASS_SERVER_CONTACTS_SEGMENT_STORE_H_
#define CANVASS_SERVER_CONTACTS_SEGMENT_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/segment.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::contacts {

class SegmentStore {
 public:
  explicit SegmentStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Each fills in name, times and etag of the message it returns.

  // NotFound, SEGMENT_NOT_FOUND, if there is none.
  absl::StatusOr<v1::Segment> Get(const TenantScope& scope, const SegmentId& id);
  // Segments by id, from behind `after` (empty: from the first); at most `limit`.
  absl::StatusOr<std::vector<v1::Segment>> List(const TenantScope& scope, const SegmentId& after, int limit);

  // Reads and locks one row. None if it does not exist. Who names a segment locks it first: it is then not deleted
  // before the transaction ends.
  absl::StatusOr<std::optional<v1::Segment>> Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                  const SegmentId& id);
  // Inserts a segment. AlreadyExists with IsDuplicateKey if the id is taken.
  absl::StatusOr<v1::Segment> Insert(mysql::Transaction& tx, const TenantScope& scope, const SegmentId& id,
                                     const v1::Segment& content, absl::Time now);
  // Writes the content of a locked segment under a new revision.
  absl::StatusOr<v1::Segment> Update(mysql::Transaction& tx, const TenantScope& scope, const SegmentId& id,
                                     const v1::Segment& segment, absl::Time now);
  // Deletes a locked segment.
  absl::Status Delete(mysql::Transaction& tx, const TenantScope& scope, const SegmentId& id);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SEGMENT_STORE_H_
