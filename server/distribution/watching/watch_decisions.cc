#include "server/distribution/watching/watch_decisions.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/watching/watch_start.h"

namespace canvass::distribution {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(500);
constexpr char kTokenOf[] = "WatchDecisions";

std::string ResumeToken(const ChangePosition& position) {
  return EncodePageToken(kTokenOf, absl::StrCat(absl::ToUnixMicros(position.change_time), " ",
                                                position.key.event.ToString(), " ", position.key.trigger.value()));
}

absl::StatusOr<ChangePosition> ParseResumeToken(const std::string& token) {
  const absl::StatusOr<std::string> text = DecodePageToken(kTokenOf, token);
  const std::vector<std::string> parts = absl::StrSplit(text.ok() ? *text : "", ' ');
  int64_t micros = 0;
  const absl::StatusOr<Uuid> event = Uuid::Parse(parts.size() == 3 ? parts[1] : "");
  if (!event.ok() || !absl::SimpleAtoi(parts[0], &micros)) {
    return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "resume_token", "was not returned by WatchDecisions");
  }
  return ChangePosition{.change_time = absl::FromUnixMicros(micros),
                        .key = {.event = *event, .trigger = TriggerId(parts[2])}};
}

absl::StatusOr<FeedFilter> ParseFilter(const TenantScope& scope, const v1::WatchDecisionsRequest& request) {
  FeedFilter filter;
  if (!request.trigger().empty()) {
    CANVASS_ASSIGN_OR_RETURN(std::string trigger, ParseChild(scope, "triggers", "trigger", request.trigger()));
    filter.trigger = TriggerId(std::move(trigger));
  }
  for (int i = 0; i < request.outcomes_size(); ++i) {
    const v1::Decision::Outcome outcome = request.outcomes(i);
    if (outcome == v1::Decision::OUTCOME_UNSPECIFIED || !v1::Decision::Outcome_IsValid(outcome)) {
      return FieldError(v1::ERROR_REASON_INVALID_FIELD, absl::StrCat("outcomes[", i, "]"), "is not an outcome");
    }
    filter.outcomes.insert(outcome);
  }
  filter.by_facts = request.include_skipped();
  return filter;
}

absl::StatusOr<std::vector<v1::WatchDecisionsResponse>> Responses(DecisionFeed& feed) {
  CANVASS_ASSIGN_OR_RETURN(std::vector<FedDecision> fed, feed.Poll());
  std::vector<v1::WatchDecisionsResponse> responses;
  for (FedDecision& one : fed) {
    v1::WatchDecisionsResponse& response = responses.emplace_back();
    *response.mutable_decision() = std::move(one.item);
    response.set_resume_token(ResumeToken(one.resume));
  }
  return responses;
}

}  // namespace

DecisionWatch::DecisionWatch(DecisionStore& decisions, RefusalSource* refusals, const Clock& clock,
                             const FeedPace& pace)
    : decisions_(decisions),
      refusals_(refusals),
      pace_(pace),
      desk_({.interval = kInterval, .max_per_tenant = kMaxPerTenant}, clock,
            [](absl::Span<Desk::Stream* const> streams) {
              for (Desk::Stream* stream : streams) {
                stream->found = Responses(stream->state);
                stream->again = stream->state.behind();
              }
            }) {}

absl::StatusOr<std::unique_ptr<DecisionWatch::Source>> DecisionWatch::Open(const TenantScope& scope,
                                                                           const std::optional<ChangePosition>& start,
                                                                           FeedFilter filter) {
  CANVASS_ASSIGN_OR_RETURN(
      DecisionFeed feed,
      DecisionFeed::Open(DecisionChanges(decisions_, refusals_, scope, std::move(filter)), start, pace_));
  return desk_.Open(scope, std::move(feed));
}

absl::StatusOr<std::unique_ptr<DecisionWatch::Source>> WatchDecisions(DecisionWatch& watch, const TenantScope& scope,
                                                                      const v1::WatchDecisionsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<ChangePosition> start,
                           WatchStart<ChangePosition>(request, ParseResumeToken));
  CANVASS_ASSIGN_OR_RETURN(FeedFilter filter, ParseFilter(scope, request));
  return watch.Open(scope, start, std::move(filter));
}

}  // namespace canvass::distribution
