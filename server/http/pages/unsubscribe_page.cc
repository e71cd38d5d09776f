#include "server/http/pages/unsubscribe_page.h"

#include <string>
#include <utility>
#include <vector>

#include "canvass/v1/suppression.pb.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::http {
namespace {

struct Unsubscriber {
  distribution::UnsubscribeClaims claims;
  tenants::TenantEntry tenant;
  PageFrame frame;
};

absl::StatusOr<Unsubscriber> OpenDoor(const PageParts& parts, absl::string_view token,
                                      absl::string_view accept_language) {
  CANVASS_ASSIGN_OR_RETURN(distribution::UnsubscribeClaims claims, parts.unsubscribe_tokens.Verify(token));
  CANVASS_ASSIGN_OR_RETURN(tenants::TenantEntry tenant, parts.tenants.Find(claims.tenant));
  CANVASS_ASSIGN_OR_RETURN(const auto settings, parts.settings.Get(tenant.scope));
  const std::vector<std::string> preferred = PreferredLanguages(accept_language);
  Sentences sentences = Sentences::In(preferred.empty() ? "" : preferred[0]);
  PageFrame frame{.look = LookOf(settings->channels.brand(), tenant.display_name),
                  .sentences = sentences,
                  .language = sentences.language()};
  return Unsubscriber{.claims = std::move(claims), .tenant = std::move(tenant), .frame = std::move(frame)};
}

}  // namespace

absl::StatusOr<PageReply> ShowUnsubscribe(const PageParts& parts, absl::string_view token,
                                          absl::string_view accept_language) {
  CANVASS_ASSIGN_OR_RETURN(const Unsubscriber who, OpenDoor(parts, token, accept_language));
  const Sentences& sentences = who.frame.sentences;
  return MessagePage(who.frame, {.heading = std::string(sentences.Get("unsubscribe_title")),
                                 .lines = {sentences.Fill("unsubscribe_text", {{"name", who.frame.look.name}})},
                                 .action = std::string(sentences.Get("unsubscribe"))});
}

absl::StatusOr<PageReply> Unsubscribe(const PageParts& parts, absl::string_view token,
                                      absl::string_view accept_language) {
  CANVASS_ASSIGN_OR_RETURN(const Unsubscriber who, OpenDoor(parts, token, accept_language));
  v1::Suppression suppression;
  suppression.set_contact(ResourceName(who.claims.tenant, {"contacts", who.claims.contact.value()}));
  suppression.set_channel(who.claims.channel);
  suppression.set_reason(v1::Suppression::REASON_UNSUBSCRIBED);
  CANVASS_RETURN_IF_ERROR(parts.suppressions.Add(who.tenant.scope, suppression, parts.clock.Now()).status());
  const Sentences& sentences = who.frame.sentences;
  return MessagePage(who.frame, {.heading = std::string(sentences.Get("unsubscribed_title")),
                                 .lines = {sentences.Fill("unsubscribed_text", {{"name", who.frame.look.name}})}});
}

}  // namespace canvass::http
