#include "server/responses/reading/list_responses.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/aip/page_token.h"
#include "server/base/aip/time_range.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact_store.h"
#include "server/responses/response_filter.h"
#include "server/responses/response_name.h"

namespace canvass::responses {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 1000;
// What a page may have in bytes, but for its last response: clients take 4 MiB unless told otherwise.
constexpr std::size_t kMaxPageBytes = std::size_t{3} << 20;
// How many rows are read at once where only some pass.
constexpr int kChunk = 500;

absl::StatusOr<ResponseRange> RangeOf(ResponseStore& store, surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                      const v1::ListResponsesRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TimeRange stored, ReadTimeRange(request));
  ResponseRange range{.start = stored.start, .end = stored.end};
  if (!request.survey().empty()) {
    CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "surveys", "survey", request.survey()));
    range.survey = SurveyId(std::move(id));
    CANVASS_RETURN_IF_ERROR(catalog.Status(scope, *range.survey).status());
  }
  if (!request.contact().empty()) {
    CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "contacts", "contact", request.contact()));
    contacts::ContactStore contacts(store.database());
    CANVASS_ASSIGN_OR_RETURN(range.contact, contacts.Kept(scope, ContactId(std::move(id))));
  }
  return range;
}

// What selects the rows of a list, for its page tokens.
std::string ListText(const v1::ListResponsesRequest& request, const ResponseRange& range) {
  return absl::StrCat("ListResponses survey=", request.survey(), " contact=", request.contact(), " ",
                      absl::ToUnixMicros(range.start), " ", absl::ToUnixMicros(range.end), " ", request.filter());
}

// A page that is being filled.
class Page {
 public:
  Page(int size, const ResponseFilter& filter) : size_(size), filter_(filter) {}

  // Looks at `response`; false, and nothing is taken, if it belongs to the next page.
  bool Look(v1::Response& response) {
    ++examined_;
    if (filter_.Passes(response)) {
      const std::size_t bytes = response.ByteSizeLong();
      const bool full = message_.responses_size() == size_ || (bytes_ > 0 && bytes_ + bytes > kMaxPageBytes);
      if (full) return false;
      bytes_ += bytes;
      last_ = IdOf(response);
      message_.add_responses()->Swap(&response);
      return true;
    }
    last_ = IdOf(response);
    return true;
  }

  int missing() const { return size_ - message_.responses_size(); }
  int examined() const { return examined_; }
  // The last one that this page is done with.
  const Uuid& last() const { return last_; }
  v1::ListResponsesResponse& message() { return message_; }

 private:
  const int size_;
  const ResponseFilter& filter_;
  v1::ListResponsesResponse message_;
  std::size_t bytes_ = 0;
  int examined_ = 0;
  Uuid last_;
};

}  // namespace

absl::StatusOr<v1::ListResponsesResponse> ListResponses(ResponseStore& store, surveys::SurveyCatalog& catalog,
                                                        const TenantScope& scope,
                                                        const v1::ListResponsesRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPage, kMaxPage));
  CANVASS_ASSIGN_OR_RETURN(const ResponseFilter filter, ResponseFilter::Parse("filter", request.filter()));
  CANVASS_ASSIGN_OR_RETURN(ResponseRange range, RangeOf(store, catalog, scope, request));
  const std::string list = ListText(request, range);
  CANVASS_ASSIGN_OR_RETURN(const std::string position, DecodePageToken(list, request.page_token()));
  if (!position.empty()) range.after = Uuid::FromBytes(position);

  Page page(size, filter);
  bool more = true;
  while (more && page.examined() < kMaxExamined) {
    // One more than is missing tells whether there is another page.
    range.limit = filter.PassesAll() ? page.missing() + 1 : kChunk;
    CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Response> rows, store.List(scope, range));
    for (v1::Response& row : rows) {
      if (page.Look(row)) continue;
      page.message().set_next_page_token(EncodePageToken(list, page.last().bytes()));
      return std::move(page.message());
    }
    more = static_cast<int>(rows.size()) == range.limit;
    range.after = page.last();
  }
  if (more) page.message().set_next_page_token(EncodePageToken(list, page.last().bytes()));
  return std::move(page.message());
}

}  // namespace canvass::responses
