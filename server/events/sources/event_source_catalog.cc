#include "server/events/sources/event_source_catalog.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::events {

absl::StatusOr<v1::EventSource> EventSourceCatalog::Find(const TenantScope& scope, const EventSourceId& id) {
  CANVASS_ASSIGN_OR_RETURN(const std::shared_ptr<const Sources> sources,
                           cache_.Get(scope, [&] { return Load(scope); }));
  const auto found = sources->find(id);
  if (found == sources->end()) return EventSourceNotFound(id);
  return found->second;
}

absl::StatusOr<EventSourceCatalog::Sources> EventSourceCatalog::Load(const TenantScope& scope) {
  Sources sources;
  EventSourceId last;
  std::vector<v1::EventSource> page;
  do {
    CANVASS_ASSIGN_OR_RETURN(page, store_.List(scope, last, kMaxSources));
    for (v1::EventSource& source : page) {
      last = EventSourceId(std::string(LastSegment(source.name())));
      sources.emplace(last, std::move(source));
    }
  } while (page.size() == static_cast<std::size_t>(kMaxSources));
  return sources;
}

}  // namespace canvass::events
