// canvass outbox: what was sent, what waits, what failed, and sending it again.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/outbox.pb.h"
#include "client/charts/number_text.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

std::string StateText(v1::OutboxMessage::State state) {
  return EnumText(*v1::OutboxMessage::State_descriptor(), state);
}

std::string KindText(const v1::OutboxMessage& message) {
  return message.reminder() == 0 ? "invitation" : absl::StrCat("reminder ", message.reminder());
}

// What came back later is worth more than what the channel said at once.
std::string LastReply(const v1::OutboxMessage& message) {
  if (!message.reports().empty()) {
    const v1::DeliveryReport& last = *message.reports().rbegin();
    return std::string(absl::StripAsciiWhitespace(absl::StrCat(last.code(), " ", last.detail())));
  }
  if (message.attempts().empty()) return "";
  const v1::DeliveryAttempt& last = *message.attempts().rbegin();
  return last.code() == 0 ? last.detail() : absl::StrCat(last.code(), " ", last.detail());
}

Columns<v1::OutboxMessage> MessageColumns() {
  return {
      {{"MESSAGE"}, [](const v1::OutboxMessage& m) { return ShortName(m.name()); }},
      {{"STATE"}, [](const v1::OutboxMessage& m) { return StateText(m.state()); }},
      {{"CHANNEL"},
       [](const v1::OutboxMessage& m) { return EnumText(*v1::Invitation::Channel_descriptor(), m.channel()); }},
      {{"KIND"}, KindText},
      {{"CONTACT"}, [](const v1::OutboxMessage& m) { return ShortName(m.contact()); }},
      {{"ATTEMPTS", Align::kRight}, [](const v1::OutboxMessage& m) { return charts::CountText(m.attempt_count()); }},
      {{"NEXT OR LAST"}, [](const v1::OutboxMessage& m) { return TimeText(m.attempt_time()); }},
      {{.title = "REPLY", .fit = Fit::kCut}, LastReply},
  };
}

struct OutboxFlags {
  std::vector<std::string> ids;
  std::string state;
  std::string invitation;
  std::string start;
  std::string end;
  bool dry_run = false;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<OutboxFlags>;

template <typename Request>
absl::Status ReadState(const OutboxFlags& flags, Request& request) {
  if (flags.state.empty()) return absl::OkStatus();
  const auto state = ParseEnum(*v1::OutboxMessage::State_descriptor(), flags.state);
  if (!state.ok()) return UsageError(absl::StrCat("--state: ", state.status().message()));
  request.set_state(static_cast<v1::OutboxMessage::State>((*state)->number()));
  return absl::OkStatus();
}

absl::Status List(Session& session, const OutboxFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListOutboxMessagesRequest request;
  request.set_parent(*tenant);
  absl::Status status = ReadState(flags, request);
  if (!status.ok()) return status;
  if (!flags.invitation.empty()) request.set_invitation(FullName(*tenant, "invitations", flags.invitation));
  const auto messages = ListAll(session, &client::Outbox::ListOutboxMessages, request,
                                &v1::ListOutboxMessagesResponse::outbox_messages, flags.limit);
  return messages.ok() ? session.out().PrintList(*messages, MessageColumns()) : messages.status();
}

absl::Status Get(Session& session, const OutboxFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("outboxMessages", flags.ids.front());
  if (!name.ok()) return name.status();
  v1::GetOutboxMessageRequest request;
  request.set_name(*name);
  const auto message = session.Call(&client::Outbox::GetOutboxMessage, request);
  return message.ok() ? session.out().PrintOne(*message, MessageColumns()) : message.status();
}

absl::StatusOr<v1::ReplayOutboxMessagesRequest> ReplayRequest(Session& session, const OutboxFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ReplayOutboxMessagesRequest request;
  request.set_parent(*tenant);
  request.set_validate_only(flags.dry_run);
  for (const std::string& id : flags.ids) request.add_names(FullName(*tenant, "outboxMessages", id));
  absl::Status status = ReadState(flags, request);
  status.Update(ReadTimeRange(flags.start, flags.end, request));
  if (!status.ok()) return status;
  const bool by_time = request.has_start_time() || request.has_end_time() || !flags.state.empty();
  if (flags.ids.empty() != by_time) {
    return UsageError("give the messages to send again, or --start (with --end, --state), not both");
  }
  if (by_time && !request.has_start_time()) return UsageError("give --start: from when on messages are sent again");
  return request;
}

absl::Status Replay(Session& session, const OutboxFlags& flags) {
  absl::StatusOr<v1::ReplayOutboxMessagesRequest> request = ReplayRequest(session, flags);
  if (!request.ok()) return request.status();
  if (!flags.dry_run) {
    absl::Status status = session.Confirm("Send these messages to customers again?");
    if (!status.ok()) return status;
  }
  int replayed = 0;
  while (true) {
    const auto response = session.Call(&client::Outbox::ReplayOutboxMessages, *request);
    if (!response.ok()) return response.status();
    replayed += response->replayed();
    if (!response->has_next_start_time()) break;
    *request->mutable_start_time() = response->next_start_time();
  }
  session.out().Note(absl::StrCat(charts::CountText(replayed), replayed == 1 ? " message" : " messages",
                                  flags.dry_run ? " would be sent again" : " sent again"));
  return absl::OkStatus();
}

}  // namespace

void AddOutboxCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("outbox", "Messages on their way, sent and failed");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const OutboxFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<OutboxFlags>();
  const auto with_state = [&](CLI::App& verb, const char* help) {
    verb.add_option("--state", flags->state, help)
        ->check(CLI::IsMember(EnumTexts(*v1::OutboxMessage::State_descriptor())));
  };

  CLI::App& list = add("list", "List messages, the latest created first", List, flags);
  with_state(list, "Only those in this state");
  list.add_option("--invitation", flags->invitation, "Only this invitation's");
  AddLimit(list, flags->limit);

  add("get", "Show a message and its last attempts", Get, flags)
      .add_option("message", flags->ids, "Its id")
      ->required()
      ->expected(1);

  CLI::App& replay = add("replay", "Send messages again that are dead, or webhooks that were sent", Replay, flags);
  replay.add_option("messages", flags->ids, "Their ids");
  replay.add_option("--start", flags->start, "All that were created at or after this time");
  replay.add_option("--end", flags->end, "And before this time");
  with_state(replay, "Those in this state: dead (the default) or sent");
  replay.add_flag("--dry-run", flags->dry_run, "Say how many, send none");
}

}  // namespace canvass::cli
