#include "server/responses/response_row.h"

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"

namespace canvass::responses {

absl::StatusOr<v1::Response> ReadResponse(const TenantScope& scope, const mysql::Row& row) {
  const TenantId& tenant = scope.tenant();
  v1::Response response;
  if (!response.ParseFromString(row.String(7))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored response cannot be read");
  }
  response.set_name(ResourceName(tenant, {"responses", row.Uuid(0).ToString()}));
  response.set_survey(ResourceName(tenant, {"surveys", row.String(1)}));
  response.set_survey_version(static_cast<int>(row.Int(2)));
  if (!row.String(3).empty()) response.set_contact(ResourceName(tenant, {"contacts", row.String(3)}));
  if (!row.IsNull(4)) response.set_invitation(ResourceName(tenant, {"invitations", row.Uuid(4).ToString()}));
  *response.mutable_answer_time() = ToProto(row.Time(5));
  *response.mutable_create_time() = ToProto(row.Time(6));
  if (response.has_start_time()) {
    *response.mutable_duration() = ToProto(row.Time(5) - FromProto(response.start_time()));
  }
  // Every change has a later time than the one before.
  response.set_etag(response.has_update_time() ? absl::StrCat(absl::ToUnixMicros(FromProto(response.update_time())))
                                               : "0");
  return response;
}

std::string PayloadOf(v1::Response response) {
  response.clear_name();
  response.clear_survey();
  response.clear_survey_version();
  response.clear_contact();
  response.clear_invitation();
  response.clear_create_time();
  response.clear_duration();
  response.clear_etag();
  return response.SerializeAsString();
}

}  // namespace canvass::responses
