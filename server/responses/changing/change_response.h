// Changes a stored response and what it counts in metrics, in one transaction: so cells stay equal to a recount.
//
//   return ChangeResponse(rooms, scope, id, [&](const v1::SurveyDefinition& definition, v1::Response& response) {
//     response.set_note("…");
//     return absl::OkStatus();
//   });
#ifndef CANVASS_SERVER_RESPONSES_CHANGING_CHANGE_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_CHANGING_CHANGE_RESPONSE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

// What changes are made with. All must outlive it.
struct ChangeRooms {
  mysql::Database& database;
  surveys::SurveyCatalog& catalog;
  const Clock& clock;
};

// Changes what the caller sees of a response; an error changes nothing. May run again on a conflict.
using ResponseChange = absl::FunctionRef<absl::Status(const v1::SurveyDefinition& definition, v1::Response& response)>;

// The response as it is after `change`; one that changes nothing writes nothing. Blocks. NotFound (RESPONSE_NOT_FOUND);
// errors of `change` and of mysql::Database.
absl::StatusOr<v1::Response> ChangeResponse(const ChangeRooms& rooms, const TenantScope& scope, const Uuid& id,
                                            ResponseChange change);

// Erases what the response says and who gave it; its row stays, with its id, survey and times. NotFound
// (RESPONSE_NOT_FOUND), also if it was erased before; errors of mysql::Database.
absl::Status EraseResponse(const ChangeRooms& rooms, const TenantScope& scope, const Uuid& id);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_CHANGING_CHANGE_RESPONSE_H_
