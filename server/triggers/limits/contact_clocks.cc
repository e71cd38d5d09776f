#include "server/triggers/limits/contact_clocks.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/triggers/rules/caps.h"

namespace canvass::triggers {
namespace {

// What a row holds that was made only to be locked.
constexpr int64_t kNever = std::numeric_limits<int64_t>::min();
// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

constexpr absl::string_view kInsert = "INSERT INTO contact_clocks (tenant_id, contact_id, clock, last_time) VALUES";

absl::Duration Distance(absl::Time a, absl::Time b) { return a < b ? b - a : a - b; }

// Calls `function` with the ids of `contacts`, part by part.
template <typename Contacts, typename Function>
absl::Status ForParts(const Contacts& contacts, Function function) {
  std::vector<const ContactId*> ids;
  for (const auto& [id, unused] : contacts) ids.push_back(&id);
  for (std::size_t i = 0; i < ids.size(); i += kMaxInList) {
    CANVASS_RETURN_IF_ERROR(function(absl::MakeConstSpan(ids).subspan(i, kMaxInList)));
  }
  return absl::OkStatus();
}

// "(tenant_id, contact_id) IN ((?,?),…)" for `ids`. Pairs under FORCE INDEX, because the optimizer likes to walk
// through all rows of a tenant that it believes to be small, and with FOR UPDATE would lock them all.
std::string OfContacts(const TenantScope& scope, absl::Span<const ContactId* const> ids, mysql::Params& params) {
  const std::size_t padded = mysql::PadCount(ids.size());
  std::string pairs = "(tenant_id, contact_id) IN (";
  for (std::size_t i = 0; i < padded; ++i) {
    absl::StrAppend(&pairs, i == 0 ? "" : ",", "(?,?)");
    params.Add(scope.tenant()).Add(*ids[std::min(i, ids.size() - 1)]);
  }
  return absl::StrCat(pairs, ")");
}

// What an invitation of the past counted as.
absl::StatusOr<AskedAs> ReadAsked(const mysql::Row& row, const SurveyMetrics& metrics) {
  v1::Invitation invitation;
  if (!invitation.ParseFromString(row.String(3))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "an invitation cannot be read");
  }
  AskedAs asked{.survey = SurveyId(row.String(1)), .channel = invitation.channel()};
  const auto metric = metrics.find(asked.survey);
  if (metric != metrics.end()) asked.metric = metric->second;
  return asked;
}

}  // namespace

absl::StatusOr<ContactClocks> ContactClocks::Reserve(mysql::Transaction& tx, const TenantScope& scope,
                                                     absl::Span<const ClockNeed> needs, const SurveyMetrics& metrics) {
  ContactClocks clocks;
  for (const ClockNeed& need : needs) clocks.contacts_[need.contact];
  mysql::Params params;
  for (const auto& [contact, unused] : clocks.contacts_) {
    params.Add(scope.tenant()).Add(contact).Add(ContactClock()).Add(kNever);
  }
  // Locks the row whether it was there or not, and waits for whoever holds it.
  CANVASS_RETURN_IF_ERROR(tx.InsertRows(kInsert, 4, params, "ON DUPLICATE KEY UPDATE last_time = last_time"));
  CANVASS_RETURN_IF_ERROR(clocks.Read(tx, scope));
  CANVASS_RETURN_IF_ERROR(clocks.ReadHistory(tx, scope, clocks.LateContacts(needs), metrics));
  return clocks;
}

absl::Status ContactClocks::Read(mysql::Transaction& tx, const TenantScope& scope) {
  return ForParts(contacts_, [&](absl::Span<const ContactId* const> ids) -> absl::Status {
    mysql::Params params;
    const std::string of_contacts = OfContacts(scope, ids, params);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT contact_id, clock, last_time FROM contact_clocks "
                                                   "FORCE INDEX (PRIMARY) WHERE ",
                                                   of_contacts, " FOR UPDATE"),
                                      params));
    for (const mysql::Row& row : rows) {
      if (row.Int(2) == kNever) continue;
      contacts_[ContactId(row.String(0))][row.String(1)].times.push_back(row.Time(2));
    }
    return absl::OkStatus();
  });
}

absl::flat_hash_map<ContactId, ContactClocks::LateSpan> ContactClocks::LateContacts(
    absl::Span<const ClockNeed> needs) const {
  absl::flat_hash_map<ContactId, LateSpan> late;
  for (const ClockNeed& need : needs) {
    const std::optional<absl::Time> latest = Latest(need.contact, need.clock);
    if (!latest.has_value() || need.due > *latest - need.interval) continue;
    const auto [span, is_new] = late.try_emplace(need.contact, LateSpan{.start = need.due, .end = need.due});
    span->second.start = std::min(span->second.start, need.due - need.interval);
    span->second.end = std::max(span->second.end, need.due + need.interval);
  }
  return late;
}

absl::Status ContactClocks::ReadHistory(mysql::Transaction& tx, const TenantScope& scope,
                                        const absl::flat_hash_map<ContactId, LateSpan>& late,
                                        const SurveyMetrics& metrics) {
  absl::Time start = absl::InfiniteFuture();
  absl::Time end = absl::InfinitePast();
  for (const auto& [contact, span] : late) {
    start = std::min(start, span.start);
    end = std::max(end, span.end);
  }
  return ForParts(late, [&](absl::Span<const ContactId* const> ids) -> absl::Status {
    mysql::Params params;
    const std::string of_contacts = OfContacts(scope, ids, params);
    params.Add(start).Add(end);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat("SELECT contact_id, survey_id, schedule_time, payload FROM invitations "
                              "FORCE INDEX (by_contact) WHERE ",
                              of_contacts, " AND schedule_time > ? AND schedule_time < ?"),
                 params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(const AskedAs asked, ReadAsked(row, metrics));
      Clocks& clocks = contacts_[ContactId(row.String(0))];
      for (const std::string& clock : ClocksOf(asked)) clocks[clock].times.push_back(row.Time(2));
    }
    return absl::OkStatus();
  });
}

const ContactClocks::ClockState* ContactClocks::Find(const ContactId& contact, absl::string_view clock) const {
  const auto clocks = contacts_.find(contact);
  if (clocks == contacts_.end()) return nullptr;
  const auto state = clocks->second.find(clock);
  return state == clocks->second.end() ? nullptr : &state->second;
}

std::optional<absl::Time> ContactClocks::WithinInterval(const ContactId& contact, absl::string_view clock,
                                                        absl::Time due, absl::Duration interval) const {
  const ClockState* state = Find(contact, clock);
  std::optional<absl::Time> within;
  if (state == nullptr) return within;
  for (absl::Time time : state->times) {
    if (Distance(time, due) < interval && (!within.has_value() || time > *within)) within = time;
  }
  return within;
}

std::optional<absl::Time> ContactClocks::Latest(const ContactId& contact, absl::string_view clock) const {
  const ClockState* state = Find(contact, clock);
  if (state == nullptr || state->times.empty()) return std::nullopt;
  return *std::max_element(state->times.begin(), state->times.end());
}

void ContactClocks::Move(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due) {
  Clocks& of_contact = contacts_[contact];
  for (const std::string& clock : clocks) {
    ClockState& state = of_contact[clock];
    state.times.push_back(due);
    state.moved = true;
  }
}

absl::Status ContactClocks::Write(mysql::Transaction& tx, const TenantScope& scope) const {
  mysql::Params params;
  for (const auto& [contact, clocks] : contacts_) {
    for (const auto& [clock, state] : clocks) {
      if (!state.moved) continue;
      params.Add(scope.tenant()).Add(contact).Add(clock).Add(*std::max_element(state.times.begin(), state.times.end()));
    }
  }
  // Nobody else can have moved these rows since they were read; GREATEST says what is meant all the same.
  return tx.InsertRows(kInsert, 4, params,
                       "ON DUPLICATE KEY UPDATE last_time = GREATEST(last_time, VALUES(last_time))");
}

}  // namespace canvass::triggers
