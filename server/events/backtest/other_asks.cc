#include "server/events/backtest/other_asks.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::events {
namespace {

constexpr int kPageSize = 4000;
// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

// What reading them page by page adds up.
class OtherAsksReader {
 public:
  OtherAsksReader(const triggers::PlanSources& sources, const TenantScope& scope, const OtherAsksFilter& filter)
      : sources_(sources), scope_(scope), filter_(filter) {}

  absl::StatusOr<OtherAsks> Run() {
    while (true) {
      CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, NextPage());
      CANVASS_RETURN_IF_ERROR(TakePage(rows));
      if (rows.size() < kPageSize) break;
      after_ = rows.back().Uuid(0);
    }
    others_.Sort();
    return std::move(others_);
  }

 private:
  absl::StatusOr<mysql::Rows> Query(absl::string_view sql, const mysql::Params& params) {
    mysql::Rows rows;
    CANVASS_RETURN_IF_ERROR(sources_.database.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      CANVASS_ASSIGN_OR_RETURN(rows, tx.Query(sql, params));
      return absl::OkStatus();
    }));
    return rows;
  }

  absl::StatusOr<mysql::Rows> NextPage() {
    mysql::Params params;
    params.Add(scope_.tenant()).Add(after_).Add(filter_.start).Add(filter_.end);
    params.Add(static_cast<int>(v1::Invitation::STATE_CANCELLED)).Add(kPageSize);
    return Query(
        "SELECT invitation_id, contact_id, survey_id, schedule_time, state, answer_time, payload FROM invitations "
        "FORCE "
        "INDEX (PRIMARY) WHERE tenant_id = ? AND invitation_id > ? AND schedule_time >= ? AND schedule_time < ? AND "
        "state <> ? ORDER BY invitation_id LIMIT ?",
        params);
  }

  absl::Status TakePage(const mysql::Rows& rows) {
    std::vector<v1::Invitation> invitations(rows.size());
    std::vector<Uuid> events;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!invitations[i].ParseFromString(rows[i].String(6))) {
        return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "an invitation cannot be read");
      }
      if (const auto event = Uuid::Parse(LastSegment(invitations[i].event())); event.ok()) events.push_back(*event);
    }
    CANVASS_ASSIGN_OR_RETURN(const auto times, TimesOf(events));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CANVASS_RETURN_IF_ERROR(Take(rows[i], invitations[i], times));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<absl::flat_hash_map<Uuid, absl::Time>> TimesOf(absl::Span<const Uuid> events) {
    absl::flat_hash_map<Uuid, absl::Time> times;
    for (std::size_t i = 0; i < events.size(); i += kMaxInList) {
      const absl::Span<const Uuid> part = events.subspan(i, kMaxInList);
      mysql::Params params;
      const std::string pairs = mysql::TenantPairs(scope_, part, params);
      CANVASS_ASSIGN_OR_RETURN(
          const mysql::Rows rows,
          Query(absl::StrCat("SELECT event_key, event_time FROM events FORCE INDEX (PRIMARY) WHERE "
                             "(tenant_id, event_key) IN ",
                             pairs),
                params));
      for (const mysql::Row& row : rows) times[row.Uuid(0)] = row.Time(1);
    }
    return times;
  }

  absl::Status Take(const mysql::Row& row, const v1::Invitation& invitation,
                    const absl::flat_hash_map<Uuid, absl::Time>& times) {
    const TriggerId trigger{std::string(LastSegment(invitation.trigger()))};
    if (filter_.except.contains(trigger)) return absl::OkStatus();
    OtherAsk ask{.event = {.time = FromProto(invitation.create_time()), .key = Uuid()}, .due = row.Time(3)};
    if (const auto event = Uuid::Parse(LastSegment(invitation.event())); event.ok() && times.contains(*event)) {
      ask.event = {.time = times.at(*event), .key = *event};
    }
    if (row.Int(4) == v1::Invitation::STATE_ANSWERED) ask.answer_time = row.Time(5);
    const SurveyId survey(row.String(2));
    CANVASS_ASSIGN_OR_RETURN(const std::string metric, MetricOf(survey));
    std::optional<int64_t> day;
    if (filter_.days.has_value()) day = LocalDay(ask.due, *filter_.days);
    others_.Add(ContactId(row.String(1)), trigger,
                {.survey = survey, .metric = metric, .channel = invitation.channel()}, day, std::move(ask));
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> MetricOf(const SurveyId& survey) {
    if (const auto known = metrics_.find(survey); known != metrics_.end()) return known->second;
    CANVASS_ASSIGN_OR_RETURN(const triggers::AskedSurvey asked, triggers::LookUpSurvey(sources_, scope_, survey));
    return metrics_[survey] = asked.metric;
  }

  const triggers::PlanSources& sources_;
  const TenantScope& scope_;
  const OtherAsksFilter& filter_;
  Uuid after_;
  absl::flat_hash_map<SurveyId, std::string> metrics_;
  OtherAsks others_;
};

}  // namespace

void OtherAsks::Add(const ContactId& customer, const TriggerId& trigger, const triggers::AskedAs& asked,
                    std::optional<int64_t> day, OtherAsk ask) {
  ask.kind = KindOf(asked);
  ask.trigger = PlaceOf(trigger);
  by_customer_[customer].push_back(ask);
  if (day.has_value()) by_day_[*day].push_back(std::move(ask));
}

void OtherAsks::Sort() {
  for (auto& [day, asks] : by_day_) {
    std::sort(asks.begin(), asks.end(), [](const OtherAsk& a, const OtherAsk& b) { return a.event < b.event; });
  }
}

absl::Span<const OtherAsk> OtherAsks::Of(const ContactId& customer) const {
  const auto found = by_customer_.find(customer);
  return found == by_customer_.end() ? absl::Span<const OtherAsk>() : absl::MakeConstSpan(found->second);
}

bool OtherAsks::CountsOn(const OtherAsk& ask, absl::string_view clock) const {
  const std::vector<std::string>& clocks = clocks_of_kind_[ask.kind];
  return std::find(clocks.begin(), clocks.end(), clock) != clocks.end();
}

absl::Span<const OtherAsk> OtherAsks::DueOn(int64_t day) const {
  const auto found = by_day_.find(day);
  return found == by_day_.end() ? absl::Span<const OtherAsk>() : absl::MakeConstSpan(found->second);
}

uint32_t OtherAsks::KindOf(const triggers::AskedAs& asked) {
  std::vector<std::string> clocks = triggers::ClocksOf(asked);
  const auto [known, is_new] = kinds_.try_emplace(absl::StrJoin(clocks, " "), clocks_of_kind_.size());
  if (is_new) clocks_of_kind_.push_back(std::move(clocks));
  return known->second;
}

uint32_t OtherAsks::PlaceOf(const TriggerId& trigger) {
  const auto [known, is_new] = places_.try_emplace(trigger, triggers_.size());
  if (is_new) triggers_.push_back(trigger);
  return known->second;
}

absl::StatusOr<OtherAsks> ReadOtherAsks(const triggers::PlanSources& sources, const TenantScope& scope,
                                        const OtherAsksFilter& filter) {
  return OtherAsksReader(sources, scope, filter).Run();
}

}  // namespace canvass::events
