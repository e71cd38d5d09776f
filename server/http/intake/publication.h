// A call's events on their way through events::PublishEvents, and the answer about each.
#ifndef CANVASS_SERVER_HTTP_INTAKE_PUBLICATION_H_
#define CANVASS_SERVER_HTTP_INTAKE_PUBLICATION_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/event_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/http/intake/intake.h"

namespace canvass::http {

// How many events a call may have.
inline constexpr std::size_t kMaxItems = 1000;

// One of them, as it was sent and as it was answered.
struct Item {
  std::string id;  // as the caller gave it; may be empty
  std::optional<v1::Event> event;
  std::optional<v1::Contact> contact;
  // Why there is no event, in one of two ways.
  absl::Status refusal;
  std::string ignored;

  v1::EventResult result;  // set by Publish, unless ignored
};

// Publishes the events of `items` and sets every item's result. Errors as events::PublishEvents.
absl::Status Publish(const IntakeParts& parts, const TenantScope& scope, std::vector<Item>& items);

// True if one of them is stored now, or was before.
bool AnyStored(const std::vector<Item>& items);

// {"results": […]}
nlohmann::ordered_json ResultsJson(const std::vector<Item>& items);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_PUBLICATION_H_
