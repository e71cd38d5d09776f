#include "server/contacts/segment_catalog.h"

#include <utility>
#include <vector>

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::contacts {
namespace {

constexpr std::size_t kRowsPerQuery = 1000;

absl::StatusOr<TenantSegments> Load(SegmentStore& store, const TenantScope& scope) {
  TenantSegments segments;
  SegmentId after;
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Segment> page, store.List(scope, after, static_cast<int>(kRowsPerQuery)));
    const bool last = page.size() < kRowsPerQuery;
    if (!last) after = SegmentId(std::string(LastSegment(page.back().name())));
    for (v1::Segment& segment : page) {
      std::string name = segment.name();
      segments.emplace(std::move(name), std::move(segment));
    }
    if (last) return segments;
  }
}

}  // namespace

absl::StatusOr<std::shared_ptr<const TenantSegments>> SegmentCatalog::Get(const TenantScope& scope) {
  return cache_.Get(scope, [&] { return Load(store_, scope); });
}

}  // namespace canvass::contacts
