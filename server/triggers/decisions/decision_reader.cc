#include "server/triggers/decisions/decision_reader.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_split.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/triggers/decisions/refusal_counts.h"

namespace canvass::triggers {
namespace {

using distribution::DecisionCounts;
using distribution::DecisionFilter;
using distribution::DecisionKey;
using distribution::DecisionPosition;

// The latest first.
bool IsBefore(const DecisionPosition& a, const DecisionPosition& b) {
  return std::tie(a.event_time, a.key.event, a.key.trigger) > std::tie(b.event_time, b.key.event, b.key.trigger);
}

bool Precedes(const v1::Decision& a, const v1::Decision& b) { return IsBefore(PositionOf(a), PositionOf(b)); }

// One trigger's refusal of one of a list of events.
struct Found {
  const StoredJudgement* judgement;
  const stored::v1::Refusal* refusal;
};

// The refusals of `judgement` that `filter` selects, behind `after`, in the order of lists.
void AddFound(const StoredJudgement& judgement, const DecisionFilter& filter,
              const std::optional<DecisionPosition>& after, std::vector<Found>& found) {
  const std::size_t start = found.size();
  for (const stored::v1::Refusal& refusal : judgement.verdicts.refused()) {
    const TriggerId trigger(refusal.trigger());
    if (filter.trigger.has_value() && trigger != *filter.trigger) continue;
    const DecisionPosition here{.event_time = judgement.event_time,
                                .key = {.event = judgement.key, .trigger = trigger}};
    if (after.has_value() && !IsBefore(*after, here)) continue;
    found.push_back({.judgement = &judgement, .refusal = &refusal});
  }
  std::sort(found.begin() + static_cast<std::ptrdiff_t>(start), found.end(),
            [](const Found& a, const Found& b) { return a.refusal->trigger() > b.refusal->trigger(); });
}

absl::StatusOr<std::vector<v1::Decision>> Describe(TriggerStore& triggers, const TenantScope& scope,
                                                   const std::vector<Found>& found) {
  absl::flat_hash_set<RevisionKey> keys;
  for (const Found& one : found) {
    if (one.refusal->explanation().empty()) keys.insert(RevisionOf(*one.refusal));
  }
  CANVASS_ASSIGN_OR_RETURN(const Revisions revisions,
                           triggers.GetRevisions(scope, std::vector<RevisionKey>(keys.begin(), keys.end())));
  std::vector<v1::Decision> decisions;
  for (const Found& one : found) decisions.push_back(DecisionOf(scope, *one.judgement, *one.refusal, revisions));
  return decisions;
}

// The end of an event's decisions.
DecisionPosition Behind(const StoredJudgement& judgement) {
  return {.event_time = judgement.event_time, .key = {.event = judgement.key, .trigger = TriggerId()}};
}

}  // namespace

DecisionPosition PositionOf(const v1::Decision& decision) {
  const std::vector<std::string> name = absl::StrSplit(decision.name(), '/');
  return {.event_time = FromProto(decision.event_time()),
          // We made the name.
          .key = {.event = Uuid::Parse(name[3]).value_or(Uuid()), .trigger = TriggerId(name[5])}};
}

absl::StatusOr<v1::Decision> DecisionReader::Get(const TenantScope& scope, const DecisionKey& key) {
  CANVASS_ASSIGN_OR_RETURN(std::optional<v1::Decision> decision, decisions_.Find(scope, key));
  if (decision.has_value()) return *std::move(decision);
  CANVASS_ASSIGN_OR_RETURN(const std::optional<StoredJudgement> judgement,
                           FindJudgement(triggers_.database(), scope, key.event));
  if (!judgement.has_value()) return distribution::DecisionNotFound(key);
  std::vector<Found> found;
  AddFound(*judgement, {.trigger = key.trigger, .contact = std::nullopt}, std::nullopt, found);
  if (found.empty()) return distribution::DecisionNotFound(key);
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Decision> described, Describe(triggers_, scope, found));
  return std::move(described[0]);
}

absl::StatusOr<DecisionPage> DecisionReader::List(const TenantScope& scope, const DecisionFilter& filter,
                                                  const std::optional<DecisionPosition>& after, int limit) {
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Decision> rows, decisions_.List(scope, filter, after, limit + 1));
  CANVASS_ASSIGN_OR_RETURN(Scan scan, ScanRefusals(scope, filter, after, limit + 1));
  DecisionPage page;
  page.decisions.reserve(rows.size() + scan.decisions.size());
  std::merge(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()),
             std::make_move_iterator(scan.decisions.begin()), std::make_move_iterator(scan.decisions.end()),
             std::back_inserter(page.decisions), Precedes);
  // Behind the horizon there may be refusals that nobody has looked for.
  if (scan.horizon.has_value()) {
    std::erase_if(page.decisions,
                  [&](const v1::Decision& decision) { return IsBefore(*scan.horizon, PositionOf(decision)); });
  }
  page.next = scan.horizon;
  if (page.decisions.size() > static_cast<std::size_t>(limit)) {
    page.decisions.resize(static_cast<std::size_t>(limit));
    page.next = PositionOf(page.decisions.back());
  }
  return page;
}

// A trigger refuses within the hours of its counts alone.
absl::StatusOr<std::optional<JudgementFilter>> DecisionReader::WhereToScan(const TenantScope& scope,
                                                                           const DecisionFilter& filter) {
  JudgementFilter where{.contact = filter.contact, .start = absl::InfinitePast(), .end = absl::InfiniteFuture()};
  if (!filter.trigger.has_value()) return where;
  CANVASS_ASSIGN_OR_RETURN(const std::optional<RefusalHours> hours,
                           ReadRefusalHours(triggers_.database(), scope, *filter.trigger));
  if (!hours.has_value()) return std::nullopt;
  where.start = StartOfHour(hours->first);
  where.end = StartOfHour(hours->last + 1);
  return where;
}

absl::StatusOr<DecisionReader::Scan> DecisionReader::ScanRefusals(const TenantScope& scope,
                                                                  const DecisionFilter& filter,
                                                                  const std::optional<DecisionPosition>& after,
                                                                  int limit) {
  Scan scan;
  CANVASS_ASSIGN_OR_RETURN(const std::optional<JudgementFilter> where, WhereToScan(scope, filter));
  if (!where.has_value()) return scan;
  // Every event of a contact holds decisions, mostly several.
  const int scanned = filter.trigger.has_value() ? kMaxScanned : std::min(kMaxScanned, limit);
  CANVASS_ASSIGN_OR_RETURN(const std::vector<StoredJudgement> judgements,
                           ListJudgements(triggers_.database(), scope, *where, after, scanned));
  if (judgements.size() == static_cast<std::size_t>(scanned)) scan.horizon = Behind(judgements.back());
  std::vector<Found> found;
  for (const StoredJudgement& judgement : judgements) {
    AddFound(judgement, filter, after, found);
    if (found.size() < static_cast<std::size_t>(limit)) continue;
    scan.horizon = Behind(judgement);
    break;
  }
  CANVASS_ASSIGN_OR_RETURN(scan.decisions, Describe(triggers_, scope, found));
  return scan;
}

absl::StatusOr<std::vector<DecisionCounts>> DecisionReader::Count(const TenantScope& scope,
                                                                  const std::optional<TriggerId>& trigger,
                                                                  int64_t start_hour, int64_t end_hour) {
  CANVASS_ASSIGN_OR_RETURN(std::vector<DecisionCounts> counts,
                           decisions_.Count(scope, trigger, StartOfHour(start_hour), StartOfHour(end_hour)));
  CANVASS_ASSIGN_OR_RETURN(const std::vector<DecisionCounts> refused,
                           ReadRefusalCounts(triggers_.database(), scope, trigger, start_hour, end_hour));
  counts.insert(counts.end(), refused.begin(), refused.end());
  std::sort(counts.begin(), counts.end(), [](const DecisionCounts& a, const DecisionCounts& b) {
    return std::tie(a.trigger, a.outcome, a.reason) < std::tie(b.trigger, b.outcome, b.reason);
  });
  // A reason such as SURVEY_CLOSED can be found in both places.
  std::vector<DecisionCounts> sums;
  for (DecisionCounts& one : counts) {
    const bool same = !sums.empty() && std::tie(sums.back().trigger, sums.back().outcome, sums.back().reason) ==
                                           std::tie(one.trigger, one.outcome, one.reason);
    if (same) {
      sums.back().count += one.count;
    } else {
      sums.push_back(std::move(one));
    }
  }
  return sums;
}

}  // namespace canvass::triggers
