#include "server/triggers/limits/asked_history.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/status_macros.h"

namespace canvass::triggers {
namespace {

// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

// The counter under which responses/ keeps how many responses a survey has.
constexpr absl::string_view kResponses = "@responses";

}  // namespace

absl::StatusOr<absl::flat_hash_map<ContactId, std::vector<PastInvitation>>> ReadHistory(
    mysql::Transaction& tx, const TenantScope& scope, absl::Span<const ContactId> contacts) {
  absl::flat_hash_map<ContactId, std::vector<PastInvitation>> history;
  for (std::size_t i = 0; i < contacts.size(); i += kMaxInList) {
    const absl::Span<const ContactId> part = contacts.subspan(i, kMaxInList);
    const std::size_t padded = std::max<std::size_t>(2, mysql::PadCount(part.size()));
    mysql::Params params;
    std::string pairs;
    for (std::size_t j = 0; j < padded; ++j) {
      absl::StrAppend(&pairs, j == 0 ? "" : ",", "(?,?)");
      params.Add(scope.tenant()).Add(part[std::min(j, part.size() - 1)]);
    }
    params.Add(static_cast<int>(v1::Invitation::STATE_CANCELLED));
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat("SELECT contact_id, schedule_time, state, answer_time FROM invitations FORCE INDEX "
                              "(by_contact) WHERE (tenant_id, contact_id) IN (",
                              pairs, ") AND state <> ?"),
                 params));
    for (const mysql::Row& row : rows) {
      PastInvitation past{.schedule_time = row.Time(1), .answer_time = std::nullopt};
      // A dismissal has a time, too.
      if (row.Int(2) == v1::Invitation::STATE_ANSWERED) past.answer_time = row.Time(3);
      history[ContactId(row.String(0))].push_back(past);
    }
  }
  return history;
}

absl::StatusOr<absl::flat_hash_set<SurveyId>> ReadFullSurveys(
    mysql::Database& database, const TenantScope& scope, const absl::flat_hash_map<SurveyId, int64_t>& max_responses) {
  absl::flat_hash_set<SurveyId> full;
  if (max_responses.empty()) return full;
  mysql::Params params;
  params.Add(scope.tenant()).Add(kResponses);
  std::vector<const SurveyId*> ids;
  for (const auto& [id, max] : max_responses) ids.push_back(&id);
  const std::size_t padded = mysql::PadCount(ids.size());
  for (std::size_t i = 0; i < padded; ++i) params.Add(*ids[std::min(i, ids.size() - 1)]);
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT survey_id, total FROM survey_counters WHERE tenant_id = ? "
                                                   "AND counter_key = ? AND survey_id IN ",
                                                   mysql::Placeholders(padded)),
                                      params));
    for (const mysql::Row& row : rows) {
      const SurveyId id(row.String(0));
      if (row.Int(1) >= max_responses.at(id)) full.insert(id);
    }
    return absl::OkStatus();
  }));
  return full;
}

}  // namespace canvass::triggers
