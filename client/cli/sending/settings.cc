// canvass policy, canvass channels: what holds for all of a tenant's triggers and messages.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "canvass/v1/settings.pb.h"
#include "client/charts/number_text.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/load.h"
#include "client/cli/documents/scalars.h"

namespace canvass::cli {
namespace {

constexpr char kPolicy[] = "contactPolicy";
constexpr char kChannels[] = "channelSettings";

std::string CapsText(const v1::ContactPolicy& policy) {
  return absl::StrJoin(policy.frequency_caps(), ", ", [](std::string* text, const v1::FrequencyCap& cap) {
    absl::StrAppend(text, "1 in ", SpanText(cap.interval()), " per ",
                    EnumText(*v1::FrequencyCap::Scope_descriptor(), cap.scope()));
  });
}

std::string QuietText(const v1::ContactPolicy& policy) {
  if (!policy.has_quiet_hours()) return "";
  const v1::QuietHours& quiet = policy.quiet_hours();
  std::vector<std::string> parts;
  if (!quiet.start().empty()) parts.push_back(absl::StrCat(quiet.start(), " to ", quiet.end()));
  for (const int day : quiet.days()) parts.push_back(EnumText(*v1::QuietHours::Weekday_descriptor(), day));
  return absl::StrJoin(parts, ", ");
}

Columns<v1::ContactPolicy> PolicyColumns() {
  return {
      {{"CAPS"}, CapsText},
      {{"QUIET"}, QuietText},
      {{"DAILY LIMIT"},
       [](const v1::ContactPolicy& p) {
         return p.daily_limit() == 0 ? std::string("none") : charts::CountText(p.daily_limit());
       }},
      {{"CONSENT REQUIRED"},
       [](const v1::ContactPolicy& p) {
         return absl::StrJoin(p.consent_required(), ", ", [](std::string* text, int channel) {
           absl::StrAppend(text, EnumText(*v1::Invitation::Channel_descriptor(), channel));
         });
       }},
      {{"EVENTS KEPT"},
       [](const v1::ContactPolicy& p) { return p.has_event_retention() ? SpanText(p.event_retention()) : "for good"; }},
  };
}

Columns<v1::ChannelSettings> ChannelColumns() {
  return {
      {{"BRAND"}, [](const v1::ChannelSettings& c) { return c.brand().display_name(); }},
      {{"COLOR"}, [](const v1::ChannelSettings& c) { return c.brand().color(); }},
      {{"MAIL FROM"}, [](const v1::ChannelSettings& c) { return c.email().from_address(); }},
      {{"WEBHOOK"}, [](const v1::ChannelSettings& c) { return c.webhook().url(); }},
      {{"SMS FROM"}, [](const v1::ChannelSettings& c) { return c.sms().from(); }},
  };
}

struct SettingsFlags {
  std::vector<std::string> files;
};
using Flags = std::shared_ptr<SettingsFlags>;

// The one document of the files.
template <typename Message>
absl::StatusOr<Document<Message>> LoadOne(Session& session, const SettingsFlags& flags, const std::string& tenant,
                                          DocumentFunction<Message> read) {
  auto documents = LoadAll<Message>(flags.files, tenant, read);
  if (!documents.ok()) return documents.status();
  if (documents->size() > 1) return UsageError("there is one for each tenant, but the files hold several documents");
  session.SetLocations(documents->front().locations);
  return std::move(documents->front());
}

absl::Status GetPolicy(Session& session, const SettingsFlags&) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::GetContactPolicyRequest request;
  request.set_name(absl::StrCat(*tenant, "/", kPolicy));
  const auto policy = session.Call(&client::Settings::GetContactPolicy, request);
  return policy.ok() ? session.out().PrintOne(*policy, PolicyColumns()) : policy.status();
}

absl::Status ApplyPolicy(Session& session, const SettingsFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  auto document = LoadOne<v1::ContactPolicy>(session, flags, *tenant, ReadContactPolicy);
  if (!document.ok()) return document.status();
  v1::UpdateContactPolicyRequest request;
  *request.mutable_contact_policy() = std::move(document->message);
  const auto policy = session.Call(&client::Settings::UpdateContactPolicy, request);
  return policy.ok() ? session.out().PrintOne(*policy, PolicyColumns()) : policy.status();
}

absl::Status GetChannels(Session& session, const SettingsFlags&) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::GetChannelSettingsRequest request;
  request.set_name(absl::StrCat(*tenant, "/", kChannels));
  const auto channels = session.Call(&client::Settings::GetChannelSettings, request);
  return channels.ok() ? session.out().PrintOne(*channels, ChannelColumns()) : channels.status();
}

absl::Status ApplyChannels(Session& session, const SettingsFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  auto document = LoadOne<v1::ChannelSettings>(session, flags, *tenant, ReadChannelSettings);
  if (!document.ok()) return document.status();
  v1::UpdateChannelSettingsRequest request;
  *request.mutable_channel_settings() = std::move(document->message);
  const auto channels = session.Call(&client::Settings::UpdateChannelSettings, request);
  if (!channels.ok()) return channels.status();
  if (!channels->webhook().generated_secret().empty()) {
    session.out().Note(absl::StrCat("The webhook's secret, shown this once: ", channels->webhook().generated_secret()));
  }
  return session.out().PrintOne(*channels, ChannelColumns());
}

}  // namespace

void AddSettingsCommands(CommandSet& commands) {
  const auto add = [&](CLI::App& noun, const char* name, const char* description,
                       absl::Status (*run)(Session&, const SettingsFlags&), const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<SettingsFlags>();

  CLI::App& policy = commands.AddNoun("policy", "What protects customers, whatever the triggers say");
  add(policy, "get", "Show the contact policy", GetPolicy, flags);
  CLI::App& apply_policy = add(policy, "apply", "Write the contact policy from YAML or JSON", ApplyPolicy, flags);
  AddFiles(apply_policy, flags->files, "The policy")->required();
  apply_policy.footer(
      "The file has the fields of a contact policy, each replaced whole:\n"
      "  frequency_caps: [{interval: 14d, scope: contact}]\n"
      "  quiet_hours: {start: \"21:00\", end: \"08:00\", days: [sunday], action: defer}\n"
      "  daily_limit: 5000\n"
      "  consent_required: [sms]");

  CLI::App& channels = commands.AddNoun("channels", "How messages and pages look and reach people");
  add(channels, "get", "Show the channel settings, without secrets", GetChannels, flags);
  CLI::App& apply_channels =
      add(channels, "apply", "Write the channel settings from YAML or JSON", ApplyChannels, flags);
  AddFiles(apply_channels, flags->files, "The settings")->required();
  apply_channels.footer(
      "The file has the fields of channel settings, each replaced whole; secrets left out stay:\n"
      "  brand: {display_name: Acme, color: \"#1f5fbf\", logo_url: https://acme.example/logo.png}\n"
      "  email: {from_address: feedback@acme.example, from_name: Acme}\n"
      "  webhook: {url: https://acme.example/hooks/canvass}");
}

}  // namespace canvass::cli
