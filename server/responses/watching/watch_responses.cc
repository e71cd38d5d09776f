#include "server/responses/watching/watch_responses.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/watching/watch_start.h"

namespace canvass::responses {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(500);
constexpr char kTokenOf[] = "WatchResponses";

std::string ResumeToken(const ResponsePosition& position) {
  return EncodePageToken(kTokenOf,
                         absl::StrCat(absl::ToUnixMicros(position.change_time), " ", position.key.ToString()));
}

absl::StatusOr<ResponsePosition> ParseResumeToken(const std::string& token) {
  const absl::StatusOr<std::string> text = DecodePageToken(kTokenOf, token);
  const std::vector<std::string> parts = absl::StrSplit(text.ok() ? *text : "", ' ');
  int64_t micros = 0;
  const absl::StatusOr<Uuid> key = Uuid::Parse(parts.size() == 2 ? parts[1] : "");
  if (!key.ok() || !absl::SimpleAtoi(parts[0], &micros)) {
    return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "resume_token", "was not returned by WatchResponses");
  }
  return ResponsePosition{.change_time = absl::FromUnixMicros(micros), .key = *key};
}

absl::StatusOr<ResponseSelection> ReadSelection(surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                                const v1::WatchResponsesRequest& request) {
  ResponseSelection selection;
  if (!request.survey().empty()) {
    CANVASS_ASSIGN_OR_RETURN(std::string survey, ParseChild(scope, "surveys", "survey", request.survey()));
    selection.survey = SurveyId(std::move(survey));
    CANVASS_RETURN_IF_ERROR(catalog.Status(scope, *selection.survey).status());
  }
  CANVASS_ASSIGN_OR_RETURN(selection.filter, ResponseFilter::Parse("filter", request.filter()));
  return selection;
}

absl::StatusOr<std::vector<v1::WatchResponsesResponse>> Pushes(ResponseFeed& feed) {
  CANVASS_ASSIGN_OR_RETURN(std::vector<FedResponse> fed, feed.Poll());
  std::vector<v1::WatchResponsesResponse> pushes;
  pushes.reserve(fed.size());
  for (FedResponse& one : fed) {
    pushes.push_back(std::move(one.item));
    pushes.back().set_resume_token(ResumeToken(one.resume));
  }
  return pushes;
}

}  // namespace

ResponseWatch::ResponseWatch(mysql::Database& database, const Clock& clock, const distribution::FeedPace& pace)
    : store_(database),
      pace_(pace),
      desk_({.interval = kInterval, .max_per_tenant = kMaxPerTenant}, clock,
            [](absl::Span<Desk::Stream* const> streams) {
              for (Desk::Stream* stream : streams) {
                stream->found = Pushes(stream->state);
                stream->again = stream->state.behind();
              }
            }) {}

absl::StatusOr<std::unique_ptr<ResponseWatch::Source>> ResponseWatch::Open(const TenantScope& scope,
                                                                           const std::optional<ResponsePosition>& start,
                                                                           ResponseSelection selection) {
  CANVASS_ASSIGN_OR_RETURN(ResponseFeed feed,
                           ResponseFeed::Open(ResponseChanges(store_, scope, std::move(selection)), start, pace_));
  return desk_.Open(scope, std::move(feed));
}

absl::StatusOr<std::unique_ptr<ResponseWatch::Source>> WatchResponses(ResponseWatch& watch,
                                                                      surveys::SurveyCatalog& catalog,
                                                                      const TenantScope& scope,
                                                                      const v1::WatchResponsesRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<ResponsePosition> start,
                           distribution::WatchStart<ResponsePosition>(request, ParseResumeToken));
  CANVASS_ASSIGN_OR_RETURN(ResponseSelection selection, ReadSelection(catalog, scope, request));
  return watch.Open(scope, start, std::move(selection));
}

}  // namespace canvass::responses
