// canvass invitation: who was asked, and the in-app channel.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/invitation.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

Columns<v1::Invitation> InvitationColumns() {
  return {
      {{"INVITATION"}, [](const v1::Invitation& i) { return ShortName(i.name()); }},
      {{"STATE"}, [](const v1::Invitation& i) { return EnumText(*v1::Invitation::State_descriptor(), i.state()); }},
      {{"SURVEY"},
       [](const v1::Invitation& i) { return absl::StrCat(ShortName(i.survey()), " v", i.survey_version()); }},
      {{"CONTACT"}, [](const v1::Invitation& i) { return ShortName(i.contact()); }},
      {{"TRIGGER"}, [](const v1::Invitation& i) { return ShortName(i.trigger()); }},
      {{"DUE"}, [](const v1::Invitation& i) { return TimeText(i.schedule_time()); }},
      {{"DELIVERED"}, [](const v1::Invitation& i) { return TimeText(i.deliver_time()); }},
      {{"ANSWERED"}, [](const v1::Invitation& i) { return TimeText(i.answer_time()); }},
      {{"EXPIRES"}, [](const v1::Invitation& i) { return TimeText(i.expire_time()); }},
  };
}

struct InvitationFlags {
  std::string id;
  std::string contact;
  std::string action;
  std::string time;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<InvitationFlags>;

absl::Status List(Session& session, const InvitationFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListInvitationsRequest request;
  request.set_parent(*tenant);
  if (!flags.contact.empty()) request.set_contact(FullName(*tenant, "contacts", flags.contact));
  const auto invitations = ListAll(session, &client::Invitations::ListInvitations, request,
                                   &v1::ListInvitationsResponse::invitations, flags.limit);
  return invitations.ok() ? session.out().PrintList(*invitations, InvitationColumns()) : invitations.status();
}

absl::Status Pending(Session& session, const InvitationFlags& flags) {
  const absl::StatusOr<std::string> contact = session.Name("contacts", flags.contact);
  if (!contact.ok()) return contact.status();
  v1::ListPendingInvitationsRequest request;
  request.set_contact(*contact);
  const auto response = session.Call(&client::Invitations::ListPendingInvitations, request);
  if (!response.ok()) return response.status();
  const std::vector<v1::Invitation> invitations(response->invitations().begin(), response->invitations().end());
  // The tokens are the respondent's secret: in the data, not on the screen.
  return session.out().PrintList(invitations, InvitationColumns());
}

absl::Status Get(Session& session, const InvitationFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("invitations", flags.id);
  if (!name.ok()) return name.status();
  v1::GetInvitationRequest request;
  request.set_name(*name);
  const auto invitation = session.Call(&client::Invitations::GetInvitation, request);
  return invitation.ok() ? session.out().PrintOne(*invitation, InvitationColumns()) : invitation.status();
}

absl::Status Acknowledge(Session& session, const InvitationFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("invitations", flags.id);
  if (!name.ok()) return name.status();
  v1::AcknowledgeInvitationRequest request;
  request.set_name(*name);
  const auto action = ParseEnum(*v1::AcknowledgeInvitationRequest::Action_descriptor(), flags.action);
  if (!action.ok()) return UsageError(absl::StrCat("--action: ", action.status().message()));
  request.set_action(static_cast<v1::AcknowledgeInvitationRequest::Action>((*action)->number()));
  if (!flags.time.empty()) {
    absl::Status status = ReadTimeFlag("--time", flags.time, *request.mutable_time());
    if (!status.ok()) return status;
  }
  const auto invitation = session.Call(&client::Invitations::AcknowledgeInvitation, request);
  return invitation.ok() ? session.out().PrintOne(*invitation, InvitationColumns()) : invitation.status();
}

}  // namespace

void AddInvitationCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("invitation", "Who was asked, and what waits in the app");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const InvitationFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<InvitationFlags>();

  CLI::App& list = add("list", "List invitations, the latest first", List, flags);
  list.add_option("--contact", flags->contact, "Only this customer's");
  AddLimit(list, flags->limit);

  CLI::App& pending = add("pending", "List what is due for a customer; tokens with -o json", Pending, flags);
  pending.add_option("contact", flags->contact, "The customer")->required();

  add("get", "Show an invitation", Get, flags).add_option("invitation", flags->id, "Its id")->required();

  CLI::App& acknowledge = add("acknowledge", "Say that it was shown, or closed without an answer", Acknowledge, flags);
  acknowledge.add_option("invitation", flags->id, "Its id")->required();
  acknowledge.add_option("--action", flags->action, "What happened")
      ->required()
      ->check(CLI::IsMember(EnumTexts(*v1::AcknowledgeInvitationRequest::Action_descriptor())));
  acknowledge.add_option("--time", flags->time, "When, if not now");
}

}  // namespace canvass::cli
