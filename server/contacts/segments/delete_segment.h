// SegmentService.DeleteSegment.
#ifndef CANVASS_SERVER_CONTACTS_SEGMENTS_DELETE_SEGMENT_H_
#define CANVASS_SERVER_CONTACTS_SEGMENTS_DELETE_SEGMENT_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "canvass/v1/segment_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/segment_catalog.h"
#include "server/contacts/segment_store.h"
#include "server/mysql/database.h"

namespace canvass::contacts {

// The id of a trigger that names the segment (by its name), empty if there is none. This room does not know triggers,
// so its caller says who does. Runs within the transaction that deletes the segment, which is locked.
using FindSegmentUser = absl::FunctionRef<absl::StatusOr<std::string>(mysql::Transaction& tx, const TenantScope& scope,
                                                                      const std::string& segment)>;

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SEGMENT_NOT_FOUND); FailedPrecondition (SEGMENT_IN_USE) while
// there is a user; errors of `find_user` and of mysql::Database.
absl::StatusOr<v1::DeleteSegmentResponse> DeleteSegment(SegmentStore& segments, SegmentCatalog& catalog,
                                                        FindSegmentUser find_user, const TenantScope& scope,
                                                        const v1::DeleteSegmentRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SEGMENTS_DELETE_SEGMENT_H_
