#include "server/responses/reading/export_responses.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/aip/page_token.h"
#include "server/base/aip/time_range.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/responses/response_name.h"

namespace canvass::responses {
namespace {

// How many rows are read at once: as many as make about a message, which what was read before tells.
constexpr int kFirstStretch = 50;
constexpr int kMaxStretch = 1000;
// A message is sent once it has so many bytes: clients take 4 MiB unless told otherwise.
constexpr std::size_t kMessageBytes = std::size_t{1} << 20;
// After a moment in which the database did not answer.
constexpr absl::Duration kRetryInterval = absl::Milliseconds(200);

int NextStretch(std::size_t rows, std::size_t bytes) {
  return std::clamp(static_cast<int>(kMessageBytes * rows / std::max<std::size_t>(bytes, 1)), 1, kMaxStretch);
}

// The messages for one stretch, of which each knows where to go on behind it.
class Messages {
 public:
  explicit Messages(ExportState& state) : state_(state) { messages_.emplace_back(); }

  void Look(v1::Response& response) {
    ++state_.examined;
    state_.range.after = IdOf(response);
    if (!state_.filter.Passes(response)) return;
    if (bytes_ > kMessageBytes) {
      messages_.emplace_back();
      bytes_ = 0;
    }
    bytes_ += response.ByteSizeLong();
    messages_.back().add_responses()->Swap(&response);
    messages_.back().set_resume_token(EncodePageToken(state_.name, state_.range.after->bytes()));
    messages_.back().set_examined(state_.examined);
  }

  // The last message also covers what passed no filter behind its last response.
  std::vector<v1::ExportResponsesResponse> Take() {
    messages_.back().set_resume_token(EncodePageToken(state_.name, state_.range.after->bytes()));
    messages_.back().set_examined(state_.examined);
    return std::move(messages_);
  }

 private:
  ExportState& state_;
  std::vector<v1::ExportResponsesResponse> messages_;
  std::size_t bytes_ = 0;
};

}  // namespace

ExportDesk::ExportDesk(ResponseStore& store, const Clock& clock)
    : store_(store),
      clock_(clock),
      desk_({.interval = kRetryInterval, .max_per_tenant = kMaxPerTenant}, clock, [this](auto streams) {
        for (Desk::Stream* stream : streams) Read(*stream);
      }) {}

void ExportDesk::Read(Desk::Stream& stream) {
  stream.again = true;
  if (stream.over) return;
  auto rows = store_.List(stream.scope, stream.state.range);
  if (!rows.ok()) {
    stream.found = rows.status();
    return;
  }
  stream.over = static_cast<int>(rows->size()) < stream.state.range.limit;
  if (rows->empty()) return;
  Messages messages(stream.state);
  std::size_t bytes = 0;
  for (v1::Response& row : *rows) {
    bytes += row.ByteSizeLong();
    messages.Look(row);
  }
  stream.state.range.limit = NextStretch(rows->size(), bytes);
  stream.found = messages.Take();
}

absl::StatusOr<std::unique_ptr<ExportDesk::Source>> ExportResponses(ExportDesk& desk, surveys::SurveyCatalog& catalog,
                                                                    const TenantScope& scope,
                                                                    const v1::ExportResponsesRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "surveys", "survey", request.survey()));
  ExportState state;
  CANVASS_ASSIGN_OR_RETURN(state.filter, ResponseFilter::Parse("filter", request.filter()));
  CANVASS_ASSIGN_OR_RETURN(const TimeRange stored, ReadTimeRange(request));
  state.range.survey = SurveyId(std::move(id));
  CANVASS_RETURN_IF_ERROR(catalog.Status(scope, *state.range.survey).status());
  state.range.start = stored.start;
  state.range.end = std::min(stored.end, desk.clock().Now());
  state.range.order = ResponseRange::Order::kEarliestFirst;
  state.range.limit = kFirstStretch;
  state.name = absl::StrCat("ExportResponses survey=", request.survey(), " ", request.filter());
  auto position = DecodePageToken(state.name, request.resume_token());
  if (!position.ok()) {
    return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "resume_token",
                      "was not returned by an export of this survey with this filter");
  }
  if (!position->empty()) state.range.after = Uuid::FromBytes(*position);
  return desk.Open(scope, std::move(state));
}

}  // namespace canvass::responses
