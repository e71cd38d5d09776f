// What other systems tell over HTTP: events, and what became of messages.
//
//   POST /v1/events                     CloudEvents 1.0, with an API key
//   POST /v1/sources/{tenant}/{source}  other systems' webhooks, with their signatures
//   POST /v1/sms/{tenant}/status        a provider's reports about text messages, with its signature
//   POST /v1/mail/{tenant}/bounces      mails that came back, with an API key
//
// docs/howto/events.md says what is sent and answered.
//
//   HttpListener::Start(options, registry, ready, [&](httplib::Server& server) { AddRoutes(server, parts); });
//
// The routes are thread-safe and block.
#ifndef CANVASS_SERVER_HTTP_INTAKE_INTAKE_H_
#define CANVASS_SERVER_HTTP_INTAKE_INTAKE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/event_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/feedback/delivery_feedback.h"
#include "server/distribution/page_urls.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/settings/settings_catalog.h"
#include "tenants/tenant_directory.h"

namespace httplib {
class Server;
}

namespace canvass::http {

// What a call with an API key is authorised as.
inline constexpr absl::string_view kPublishMethod = "/canvass.v1.EventService/PublishEvents";

struct IntakeParts {
  // Who calls, by the method's policy: whose tenant may `authorization` ("Bearer …"; empty without the header) write
  // for? Errors as for a call of `method`.
  std::function<absl::StatusOr<TenantScope>(absl::string_view method, absl::string_view authorization)> authorize;
  // events::PublishEvents.
  std::function<absl::StatusOr<v1::PublishEventsResponse>(const TenantScope& scope,
                                                          const v1::PublishEventsRequest& request, absl::Time deadline)>
      publish;
  // distribution::DeliveryFeedback::Take.
  std::function<absl::StatusOr<distribution::Taken>(const TenantScope& scope, const Uuid& message,
                                                    const distribution::Feedback& feedback)>
      take_feedback;
  // All must outlive the server.
  tenants::TenantDirectory& tenants;
  events::EventSourceCatalog& sources;
  settings::SettingsCatalog& settings;
  const distribution::PageUrls& urls;
  const Clock& clock;
  Random& random;
};

void AddRoutes(httplib::Server& server, const IntakeParts& parts);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_INTAKE_H_
