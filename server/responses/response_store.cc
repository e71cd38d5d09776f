#include "server/responses/response_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/mysql/value.h"

namespace canvass::responses {
namespace {

constexpr int kInsertColumns = 11;
constexpr absl::string_view kInsert =
    "INSERT INTO responses (tenant_id, response_id, single_use_key, content_digest, survey_id, survey_version, "
    "contact_id, invitation_id, answer_time, create_time, payload) VALUES";
// In the order in which ReadResponse takes them.
constexpr absl::string_view kSelect =
    "SELECT response_id, survey_id, survey_version, contact_id, invitation_id, answer_time, create_time, payload FROM "
    "responses WHERE tenant_id = ?";

absl::Status Unreadable() {
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored response cannot be read");
}

absl::StatusOr<v1::Response> ReadResponse(const TenantScope& scope, const mysql::Row& row) {
  const TenantId& tenant = scope.tenant();
  v1::Response response;
  if (!response.ParseFromString(row.String(7))) return Unreadable();
  response.set_name(ResourceName(tenant, {"responses", row.Uuid(0).ToString()}));
  response.set_survey(ResourceName(tenant, {"surveys", row.String(1)}));
  response.set_survey_version(static_cast<int>(row.Int(2)));
  if (!row.String(3).empty()) response.set_contact(ResourceName(tenant, {"contacts", row.String(3)}));
  if (!row.IsNull(4)) response.set_invitation(ResourceName(tenant, {"invitations", row.Uuid(4).ToString()}));
  *response.mutable_answer_time() = ToProto(row.Time(5));
  *response.mutable_create_time() = ToProto(row.Time(6));
  return response;
}

absl::StatusOr<std::vector<std::string>> ReadAnswered(const std::string& payload) {
  v1::Response response;
  if (!response.ParseFromString(payload)) return Unreadable();
  std::vector<std::string> answered;
  answered.reserve(response.answers_size());
  for (v1::Answer& answer : *response.mutable_answers()) answered.push_back(std::move(*answer.mutable_question()));
  return answered;
}

}  // namespace

absl::Status ResponseStore::Insert(mysql::Transaction& tx, absl::Span<const Submission* const> responses) {
  mysql::Params params;
  for (const Submission* response : responses) {
    params.Add(response->scope.tenant()).Add(response->id).Add(response->single_use_key).Add(response->content_digest);
    params.Add(response->survey).Add(response->version->version()).Add(response->contact);
    if (response->invitation.has_value()) {
      params.Add(*response->invitation);
    } else {
      params.AddNull();
    }
    params.Add(FromProto(response->content.answer_time())).Add(response->create_time);
    params.Add(response->content.SerializeAsString());
  }
  return tx.InsertRows(kInsert, kInsertColumns, params);
}

absl::StatusOr<std::vector<StoredResponse>> ResponseStore::FindByKeys(
    mysql::Transaction& tx, const TenantScope& scope, absl::Span<const absl::string_view> single_use_keys) {
  std::vector<StoredResponse> stored;
  if (single_use_keys.empty()) return stored;
  const std::size_t padded = mysql::PadCount(single_use_keys.size());
  mysql::Params params;
  params.Add(scope.tenant());
  for (std::size_t i = 0; i < padded; ++i) params.Add(single_use_keys[std::min(i, single_use_keys.size() - 1)]);
  CANVASS_ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      tx.Query(absl::StrCat("SELECT response_id, single_use_key, content_digest, survey_version, create_time, payload "
                            "FROM responses WHERE tenant_id = ? AND single_use_key IN ",
                            mysql::Placeholders(padded)),
               params));
  stored.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    CANVASS_ASSIGN_OR_RETURN(std::vector<std::string> answered, ReadAnswered(row.String(5)));
    stored.push_back({.id = row.Uuid(0),
                      .single_use_key = row.String(1),
                      .content_digest = row.String(2),
                      .survey_version = static_cast<int>(row.Int(3)),
                      .create_time = row.Time(4),
                      .answered = std::move(answered)});
  }
  return stored;
}

absl::StatusOr<v1::Response> ResponseStore::Get(const TenantScope& scope, const Uuid& id) {
  mysql::Rows rows;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(scope.tenant()).Add(id);
    CANVASS_ASSIGN_OR_RETURN(rows, tx.Query(absl::StrCat(kSelect, " AND response_id = ?"), params));
    return absl::OkStatus();
  }));
  if (rows.empty()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESPONSE_NOT_FOUND,
                 absl::StrCat("response '", id.ToString(), "' does not exist"));
  }
  return ReadResponse(scope, rows[0]);
}

absl::StatusOr<std::vector<v1::Response>> ResponseStore::List(const TenantScope& scope, const SurveyId& survey,
                                                              const std::optional<Uuid>& after, int limit) {
  mysql::Rows rows;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(scope.tenant()).Add(survey);
    if (after.has_value()) params.Add(*after);
    params.Add(limit);
    CANVASS_ASSIGN_OR_RETURN(
        rows, tx.Query(absl::StrCat(kSelect, " AND survey_id = ?", after.has_value() ? " AND response_id < ?" : "",
                                    " ORDER BY response_id DESC LIMIT ?"),
                       params));
    return absl::OkStatus();
  }));
  std::vector<v1::Response> responses;
  responses.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    CANVASS_ASSIGN_OR_RETURN(v1::Response response, ReadResponse(scope, row));
    responses.push_back(std::move(response));
  }
  return responses;
}

}  // namespace canvass::responses
