#include "server/contacts/segments/get_segment.h"

#include <string>
#include <utility>
#include <vector>

#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/segments/segment.h"

namespace canvass::contacts {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr absl::string_view kList = "ListSegments";

std::string IdOf(const v1::Segment& segment) { return std::string(LastSegment(segment.name())); }

}  // namespace

absl::StatusOr<v1::Segment> GetSegment(SegmentStore& segments, const TenantScope& scope,
                                       const v1::GetSegmentRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const SegmentId id, ParseSegmentName(scope, "name", request.name()));
  return segments.Get(scope, id);
}

absl::StatusOr<v1::ListSegmentsResponse> ListSegments(SegmentStore& segments, const TenantScope& scope,
                                                      const v1::ListSegmentsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(std::string after, DecodePageToken(kList, request.page_token()));
  if (!after.empty() && !CheckChosenId("page_token", after).ok()) return InvalidPageToken();
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Segment> page, segments.List(scope, SegmentId(std::move(after)), size + 1));
  v1::ListSegmentsResponse response;
  if (page.size() > static_cast<std::size_t>(size)) {
    page.pop_back();
    response.set_next_page_token(EncodePageToken(kList, IdOf(page.back())));
  }
  for (v1::Segment& segment : page) *response.add_segments() = std::move(segment);
  return response;
}

}  // namespace canvass::contacts
