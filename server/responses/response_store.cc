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
#include "server/responses/response_name.h"
#include "server/responses/response_row.h"

namespace canvass::responses {
namespace {

constexpr int kInsertColumns = 11;
constexpr absl::string_view kInsert =
    "INSERT INTO responses (tenant_id, response_id, single_use_key, content_digest, survey_id, survey_version, "
    "contact_id, invitation_id, answer_time, create_time, payload) VALUES";
absl::Status Unreadable() {
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored response cannot be read");
}

absl::StatusOr<std::vector<std::string>> ReadAnswered(const std::string& payload) {
  v1::Response response;
  if (!response.ParseFromString(payload)) return Unreadable();
  std::vector<std::string> answered;
  answered.reserve(response.answers_size());
  for (v1::Answer& answer : *response.mutable_answers()) answered.push_back(std::move(*answer.mutable_question()));
  return answered;
}

// The index is named, since a small tenant's rows look cheap to the optimizer however large it becomes.
std::string RangeQuery(const TenantScope& scope, const ResponseRange& range, mysql::Params& params) {
  const bool latest_first = range.order == ResponseRange::Order::kLatestFirst;
  std::string sql = absl::StrCat("SELECT ", kResponseColumns, " FROM responses FORCE INDEX (",
                                 range.contact.has_value()  ? "by_contact"
                                 : range.survey.has_value() ? "by_survey"
                                                            : "PRIMARY",
                                 ") WHERE tenant_id = ?");
  params.Add(scope.tenant());
  if (range.contact.has_value()) {
    absl::StrAppend(&sql, " AND contact_id = ?");
    params.Add(*range.contact);
  }
  if (range.survey.has_value()) {
    absl::StrAppend(&sql, " AND survey_id = ?");
    params.Add(*range.survey);
  }
  if (range.after.has_value()) {
    absl::StrAppend(&sql, " AND response_id ", latest_first ? "<" : ">", " ?");
    params.Add(*range.after);
  }
  // Ids tell the millisecond, which is what the index can be entered by.
  if (range.start != absl::InfinitePast()) {
    absl::StrAppend(&sql, " AND response_id >= ? AND create_time >= ?");
    params.Add(Uuid::EarliestAt(range.start)).Add(range.start);
  }
  if (range.end != absl::InfiniteFuture()) {
    absl::StrAppend(&sql, " AND response_id < ? AND create_time < ?");
    params.Add(Uuid::EarliestAt(range.end + absl::Milliseconds(1))).Add(range.end);
  }
  absl::StrAppend(&sql, " AND erase_time IS NULL ORDER BY response_id ", latest_first ? "DESC" : "ASC", " LIMIT ?");
  params.Add(range.limit);
  return sql;
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
    CANVASS_ASSIGN_OR_RETURN(
        rows, tx.Query(absl::StrCat("SELECT ", kResponseColumns,
                                    " FROM responses WHERE tenant_id = ? AND response_id = ? AND erase_time IS NULL"),
                       params));
    return absl::OkStatus();
  }));
  if (rows.empty()) return NoSuchResponse(id.ToString());
  return ReadResponse(scope, rows[0]);
}

absl::StatusOr<std::vector<v1::Response>> ResponseStore::List(const TenantScope& scope, const ResponseRange& range) {
  mysql::Params params;
  std::string sql = RangeQuery(scope, range, params);
  mysql::Rows rows;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(rows, tx.Query(sql, params));
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
