#include "client/cli/documents/resources.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "client/cli/documents/message_reader.h"
#include "client/cli/names.h"

namespace canvass::cli {
namespace {

// What a file may hold of itself: its name or id, beside the message's own fields.
class ResourceReader {
 public:
  ResourceReader(const Node& node, const DocumentContext& context)
      : node_(node), context_(context), problems_(context.source), locations_(context.source, node.line) {}

  // Takes the members called `keys` out of the document.
  Node Take(absl::Span<const std::string> keys) {
    Node taken = {.kind = Node::Kind::kMap, .line = node_.line};
    const auto rest = std::stable_partition(node_.members.begin(), node_.members.end(), [&](const Member& member) {
      return !absl::c_linear_search(keys, member.key);
    });
    std::move(rest, node_.members.end(), std::back_inserter(taken.members));
    node_.members.erase(rest, node_.members.end());
    return taken;
  }

  // Takes the one text called `key`; empty if it is not there.
  std::string TakeText(const std::string& key) {
    const Node taken = Take({key});
    if (taken.members.empty()) return "";
    const Member& member = taken.members.front();
    if (taken.members.size() > 1) problems_.Add(taken.members[1].line, key, "is given twice");
    if (member.value.kind != Node::Kind::kScalar) problems_.Add(member.line, key, "expected one value");
    locations_.Add(key, member.line);
    return member.value.text;
  }

  // The full name that `id` (or `name`) gives in `collection`.
  std::string TakeName(absl::string_view collection) {
    const std::string id = TakeText("id");
    const std::string name = TakeText("name");
    if (id.empty() && name.empty()) problems_.Add(node_.line, "id", "is missing");
    if (!id.empty() && !name.empty() && ShortName(name) != id) {
      problems_.Add(node_.line, "id", absl::StrCat("is '", id, "', but name is '", name, "'; one of them is enough"));
    }
    return FullName(context_.tenant, collection, id.empty() ? name : id);
  }

  // Merges `node` into `message`.
  void Read(const Node& node, std::string language, std::vector<std::string> other_names,
            google::protobuf::Message& message) {
    MessageReader({.language = std::move(language), .other_names = std::move(other_names)}, problems_, locations_)
        .Read(node, message);
  }

  template <typename Message>
  absl::StatusOr<Document<Message>> Finish(Message message) {
    if (!problems_.empty()) return problems_.ToStatus();
    return Document<Message>{.message = std::move(message), .locations = std::move(locations_)};
  }

  const Node& node() const { return node_; }
  bool IsMap() {
    if (node_.kind == Node::Kind::kMap) return true;
    problems_.Add(node_.line, "", "expected a map of fields");
    return false;
  }
  Problems& problems() { return problems_; }

 private:
  Node node_;
  const DocumentContext context_;
  Problems problems_;
  Locations locations_;
};

// The definition that a file gives at its top or under `definition`, not both.
Node TakeDefinition(ResourceReader& reader) {
  const Node nested = reader.Take({"definition"});
  Node definition = reader.Take(FieldNames(*v1::SurveyDefinition::descriptor()));
  if (nested.members.empty()) return definition;
  if (!definition.members.empty()) {
    const Member& member = definition.members.front();
    reader.problems().Add(member.line, member.key, "belongs under 'definition', since the file has one");
  }
  return nested.members.front().value;
}

}  // namespace

absl::StatusOr<Document<v1::Survey>> ReadSurvey(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::Survey survey;
  if (!reader.IsMap()) return reader.Finish(survey);
  const std::string name = reader.TakeName("surveys");
  const Node definition = TakeDefinition(reader);
  const Node* language = definition.Find("default_language");
  std::vector<std::string> other_names = FieldNames(*v1::SurveyDefinition::descriptor());
  other_names.emplace_back("id");
  // The definition's paths begin at it, as a person sees them in the file.
  reader.Read(reader.node(), "", std::move(other_names), survey);
  reader.Read(definition, language == nullptr ? "" : language->text, {}, *survey.mutable_definition());
  survey.set_name(name);
  survey.clear_state();
  survey.clear_published_version();
  survey.clear_create_time();
  survey.clear_update_time();
  survey.clear_expected_duration();
  return reader.Finish(std::move(survey));
}

absl::StatusOr<Document<v1::Trigger>> ReadTrigger(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::Trigger trigger;
  if (!reader.IsMap()) return reader.Finish(trigger);
  const std::string name = reader.TakeName("triggers");
  reader.Read(reader.node(), "", {"id"}, trigger);
  trigger.set_name(name);
  if (!trigger.survey().empty()) trigger.set_survey(FullName(context.tenant, "surveys", trigger.survey()));
  if (!trigger.segment().empty()) trigger.set_segment(FullName(context.tenant, "segments", trigger.segment()));
  trigger.clear_state();
  trigger.clear_create_time();
  trigger.clear_update_time();
  return reader.Finish(std::move(trigger));
}

absl::StatusOr<Document<v1::ContactPolicy>> ReadContactPolicy(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::ContactPolicy policy;
  if (!reader.IsMap()) return reader.Finish(policy);
  reader.Read(reader.node(), "", {}, policy);
  policy.set_name(absl::StrCat(context.tenant, "/contactPolicy"));
  policy.clear_update_time();
  return reader.Finish(std::move(policy));
}

absl::StatusOr<Document<v1::ChannelSettings>> ReadChannelSettings(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::ChannelSettings channels;
  if (!reader.IsMap()) return reader.Finish(channels);
  reader.Read(reader.node(), "", {}, channels);
  channels.set_name(absl::StrCat(context.tenant, "/channelSettings"));
  channels.clear_update_time();
  return reader.Finish(std::move(channels));
}

absl::StatusOr<Document<v1::Contact>> ReadContact(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::Contact contact;
  if (!reader.IsMap()) return reader.Finish(contact);
  const std::string external_id = reader.TakeText("external_id");
  std::string name;
  if (external_id.empty()) {
    name = reader.TakeName("contacts");
  } else {
    reader.Take({"id", "name"});
    name = FullName(context.tenant, "contacts", external_id);
  }
  reader.Read(reader.node(), "", {"id"}, contact);
  contact.set_name(name);
  contact.clear_create_time();
  contact.clear_update_time();
  return reader.Finish(std::move(contact));
}

absl::StatusOr<Document<v1::Segment>> ReadSegment(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::Segment segment;
  if (!reader.IsMap()) return reader.Finish(segment);
  const std::string name = reader.TakeName("segments");
  reader.Read(reader.node(), "", {"id"}, segment);
  segment.set_name(name);
  segment.clear_create_time();
  segment.clear_update_time();
  return reader.Finish(std::move(segment));
}

absl::StatusOr<Document<v1::Event>> ReadEvent(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::Event event;
  if (!reader.IsMap()) return reader.Finish(event);
  reader.Read(reader.node(), "", {}, event);
  event.clear_name();
  event.clear_receive_time();
  return reader.Finish(std::move(event));
}

absl::StatusOr<Document<v1::SubmitResponseRequest>> ReadResponse(const Node& node, const DocumentContext& context) {
  ResourceReader reader(node, context);
  v1::SubmitResponseRequest request;
  if (!reader.IsMap()) return reader.Finish(request);
  request.set_invitation_token(reader.TakeText("invitation_token"));
  request.set_request_id(reader.TakeText("request_id"));
  v1::Response& response = *request.mutable_response();
  reader.Read(reader.node(), "", {"invitation_token", "request_id"}, response);
  request.set_parent(std::string(context.tenant));
  if (!response.survey().empty()) response.set_survey(FullName(context.tenant, "surveys", response.survey()));
  if (!response.contact().empty()) response.set_contact(FullName(context.tenant, "contacts", response.contact()));
  response.clear_name();
  response.clear_invitation();
  response.clear_create_time();
  response.clear_update_time();
  response.clear_duration();
  response.clear_exclusion();
  response.clear_etag();
  return reader.Finish(std::move(request));
}

}  // namespace canvass::cli
