// canvass suppression: those who must not be asked.

#include "client/cli/people/suppression.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "canvass/v1/suppression.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

Columns<v1::Suppression> SuppressionColumns() {
  return {
      {{"SUPPRESSION"}, [](const v1::Suppression& s) { return ShortName(s.name()); }},
      {{"WHO"}, [](const v1::Suppression& s) { return s.has_address() ? s.address() : ShortName(s.contact()); }},
      {{"CHANNEL"},
       [](const v1::Suppression& s) {
         const std::string channel = EnumText(*v1::Invitation::Channel_descriptor(), s.channel());
         return !channel.empty() ? channel : s.has_address() ? "its own" : "all";
       }},
      {{"REASON"},
       [](const v1::Suppression& s) { return EnumText(*v1::Suppression::Reason_descriptor(), s.reason()); }},
      {{.title = "NOTE", .fit = Fit::kCut}, [](const v1::Suppression& s) { return s.note(); }},
      {{"SINCE"}, [](const v1::Suppression& s) { return TimeText(s.create_time()); }},
  };
}

struct SuppressionFlags {
  std::string name;
  SuppressionTarget target;
  std::string reason = "manual";
  std::string note;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<SuppressionFlags>;

absl::Status CheckTarget(const SuppressionTarget& target) {
  if (target.contact.empty() == target.address.empty()) return UsageError("give one of --contact and --address");
  if (!target.address.empty() && !target.channel.empty()) return UsageError("--channel goes with a contact");
  return absl::OkStatus();
}

// Empty for all channels.
absl::StatusOr<v1::Invitation::Channel> ReadChannel(const std::string& text) {
  if (text.empty()) return v1::Invitation::CHANNEL_UNSPECIFIED;
  const auto channel = ParseEnum(*v1::Invitation::Channel_descriptor(), text);
  if (!channel.ok()) return UsageError(absl::StrCat("--channel: ", channel.status().message()));
  return static_cast<v1::Invitation::Channel>((*channel)->number());
}

absl::StatusOr<std::vector<v1::Suppression>> ListOf(Session& session, const SuppressionTarget& target, int limit) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListSuppressionsRequest request;
  request.set_parent(*tenant);
  request.set_address(target.address);
  if (!target.contact.empty()) request.set_contact(FullName(*tenant, "contacts", target.contact));
  return ListAll(session, &client::Suppressions::ListSuppressions, request, &v1::ListSuppressionsResponse::suppressions,
                 limit);
}

absl::Status RemoveNamed(Session& session, const std::string& name) {
  v1::DeleteSuppressionRequest request;
  request.set_name(name);
  const auto response = session.Call(&client::Suppressions::DeleteSuppression, request);
  if (!response.ok()) return response.status();
  session.out().Note(absl::StrCat("suppression ", ShortName(name), " removed"));
  return absl::OkStatus();
}

absl::Status List(Session& session, const SuppressionFlags& flags) {
  const auto suppressions = ListOf(session, flags.target, flags.limit);
  return suppressions.ok() ? session.out().PrintList(*suppressions, SuppressionColumns()) : suppressions.status();
}

absl::Status Add(Session& session, const SuppressionFlags& flags) {
  return AddSuppression(session, flags.target, flags.reason, flags.note);
}

absl::Status Remove(Session& session, const SuppressionFlags& flags) {
  if (flags.name.empty()) return RemoveSuppression(session, flags.target);
  const absl::StatusOr<std::string> name = session.Name("suppressions", flags.name);
  return name.ok() ? RemoveNamed(session, *name) : name.status();
}

}  // namespace

absl::Status AddSuppression(Session& session, const SuppressionTarget& target, const std::string& reason,
                            const std::string& note) {
  absl::Status status = CheckTarget(target);
  if (!status.ok()) return status;
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  const auto channel = ReadChannel(target.channel);
  if (!channel.ok()) return channel.status();
  const auto why = ParseEnum(*v1::Suppression::Reason_descriptor(), reason);
  if (!why.ok()) return UsageError(absl::StrCat("--reason: ", why.status().message()));
  v1::CreateSuppressionRequest request;
  request.set_parent(*tenant);
  v1::Suppression& suppression = *request.mutable_suppression();
  if (!target.address.empty()) suppression.set_address(target.address);
  if (!target.contact.empty()) suppression.set_contact(FullName(*tenant, "contacts", target.contact));
  suppression.set_channel(*channel);
  suppression.set_reason(static_cast<v1::Suppression::Reason>((*why)->number()));
  suppression.set_note(note);
  const auto stored = session.Call(&client::Suppressions::CreateSuppression, request);
  return stored.ok() ? session.out().PrintOne(*stored, SuppressionColumns()) : stored.status();
}

absl::Status RemoveSuppression(Session& session, const SuppressionTarget& target) {
  absl::Status status = CheckTarget(target);
  if (!status.ok()) return status;
  const auto channel = ReadChannel(target.channel);
  if (!channel.ok()) return channel.status();
  const auto suppressions = ListOf(session, target, 0);
  if (!suppressions.ok()) return suppressions.status();
  for (const v1::Suppression& suppression : *suppressions) {
    if (suppression.channel() == *channel) return RemoveNamed(session, suppression.name());
  }
  return absl::NotFoundError("there is no such suppression; canvass suppression list shows them");
}

void AddSuppressionCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("suppression", "Those who must not be asked: unsubscribed, bounced, by hand");
  const auto add = [&](const char* name, const char* description,
                       absl::Status (*run)(Session&, const SuppressionFlags&), const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<SuppressionFlags>();
  const auto with_target = [&](CLI::App& verb) {
    verb.add_option("--contact", flags->target.contact, "A contact's external id");
    verb.add_option("--address", flags->target.address, "A mail address or telephone number, whoever has it");
  };
  const auto with_channel = [&](CLI::App& verb) {
    verb.add_option("--channel", flags->target.channel, "Of a contact: only this channel; all otherwise");
  };

  CLI::App& list = add("list", "List them, all or of one contact or address", List, flags);
  with_target(list);
  AddLimit(list, flags->limit);
  CLI::App& suppress = add("add", "Never ask a contact or an address again", Add, flags);
  with_target(suppress);
  with_channel(suppress);
  const std::string reasons = absl::StrJoin(EnumTexts(*v1::Suppression::Reason_descriptor()), ", ");
  suppress.add_option("--reason", flags->reason, absl::StrCat("Why: ", reasons))->capture_default_str();
  suppress.add_option("--note", flags->note, "For people");
  CLI::App& remove = add("remove", "Take one away, by its id or by what it is about", Remove, flags);
  remove.add_option("suppression", flags->name, "Its id, as `list` shows it");
  with_target(remove);
  with_channel(remove);
}

}  // namespace canvass::cli
