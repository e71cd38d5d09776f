// canvass invitation: who was asked, and the in-app channel.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/invitation.pb.h"
#include "canvass/v1/invitation_service.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/assignments.h"
#include "client/cli/documents/message_reader.h"
#include "client/cli/documents/problems.h"
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
      {{"TRIGGER"},
       [](const v1::Invitation& i) { return i.trigger().empty() ? std::string("by hand") : ShortName(i.trigger()); }},
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
  std::string survey;
  std::string channel;
  std::string at;
  std::string expires;
  std::string request_id;
  std::vector<std::string> set;
  bool ignore_caps = false;
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

// The facts are those of `event`, as breakdowns and pipes name them.
absl::Status ReadFacts(const InvitationFlags& flags, google::protobuf::Struct& facts) {
  const absl::StatusOr<Node> values = ParseAssignments("--set", flags.set);
  if (!values.ok()) return values.status();
  Problems problems("command line");
  Locations locations("command line", 1);
  google::protobuf::Struct& event = *(*facts.mutable_fields())["event"].mutable_struct_value();
  MessageReader({}, problems, locations).Read(*values, event);
  return problems.empty() ? absl::OkStatus() : problems.ToStatus();
}

absl::Status FillInvitation(const InvitationFlags& flags, const std::string& tenant, v1::Invitation& invitation) {
  invitation.set_survey(FullName(tenant, "surveys", flags.survey));
  invitation.set_contact(FullName(tenant, "contacts", flags.contact));
  const auto channel = ParseEnum(*v1::Invitation::Channel_descriptor(), flags.channel);
  if (!channel.ok()) return UsageError(absl::StrCat("--channel: ", channel.status().message()));
  invitation.set_channel(static_cast<v1::Invitation::Channel>((*channel)->number()));
  absl::Status status = flags.set.empty() ? absl::OkStatus() : ReadFacts(flags, *invitation.mutable_facts());
  if (!flags.at.empty()) status.Update(ReadTimeFlag("--at", flags.at, *invitation.mutable_schedule_time()));
  if (!flags.expires.empty()) {
    status.Update(ReadTimeFlag("--expires", flags.expires, *invitation.mutable_expire_time()));
  }
  return status;
}

absl::Status Create(Session& session, const InvitationFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::CreateInvitationRequest request;
  request.set_parent(*tenant);
  request.set_request_id(flags.request_id);
  request.set_ignore_frequency_caps(flags.ignore_caps);
  const absl::Status status = FillInvitation(flags, *tenant, *request.mutable_invitation());
  if (!status.ok()) return status;
  const auto invitation = session.Call(&client::Invitations::CreateInvitation, request);
  if (!invitation.ok()) return invitation.status();
  Columns<v1::Invitation> columns = InvitationColumns();
  // Elsewhere the address is the respondent's secret: in the data, not on the screen.
  if (invitation->channel() == v1::Invitation::CHANNEL_LINK) {
    columns.push_back({{"ADDRESS"}, [](const v1::Invitation& i) { return i.url(); }});
  }
  return session.out().PrintOne(*invitation, columns);
}

}  // namespace

void AddInvitationCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("invitation", "Who was asked, and what waits in the app");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const InvitationFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<InvitationFlags>();

  CLI::App& create =
      add("create", "Ask one customer by hand, without a trigger; the address with -o json", Create, flags);
  create.add_option("--survey", flags->survey, "The published survey that is asked")->required();
  create.add_option("--contact", flags->contact, "The customer")->required();
  flags->channel = "in_app";
  create.add_option("--channel", flags->channel, "Where; link sends nothing and prints the address to pass on")
      ->capture_default_str()
      ->check(CLI::IsMember(EnumTexts(*v1::Invitation::Channel_descriptor())));
  create.add_option("--at", flags->at, "When, if not now; at most 90 days ahead");
  create.add_option("--expires", flags->expires, "Not answered from then on; 30 days later if not given");
  create.add_option("--set", flags->set, "A fact about what led to it, key=value: agent=Eva")->allow_extra_args(false);
  create.add_flag("--ignore-frequency-caps", flags->ignore_caps, "Ask even if the contact policy's caps forbid it");
  create.add_option("--request-id", flags->request_id, "Makes a repeated call harmless; made up if not given");

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
