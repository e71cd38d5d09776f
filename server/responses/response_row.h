// A row of responses as the message that callers see.
//
//   tx.Query(absl::StrCat("SELECT ", kResponseColumns, " FROM responses WHERE tenant_id = ? AND …"), params)
//   CANVASS_ASSIGN_OR_RETURN(v1::Response response, ReadResponse(scope, row));
//
// Pure.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_ROW_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_ROW_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/response.pb.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/value.h"

namespace canvass::responses {

// In the order in which ReadResponse takes them.
inline constexpr absl::string_view kResponseColumns =
    "response_id, survey_id, survey_version, contact_id, invitation_id, answer_time, create_time, payload";

// The response of a row that was not erased, with all output fields. Internal if its content is damaged.
absl::StatusOr<v1::Response> ReadResponse(const TenantScope& scope, const mysql::Row& row);

// What the payload column holds of `response`: what no other column does.
std::string PayloadOf(v1::Response response);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_ROW_H_
