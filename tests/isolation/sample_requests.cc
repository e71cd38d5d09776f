#include "tests/isolation/sample_requests.h"

#include <google/protobuf/text_format.h>

#include <map>
#include <set>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "canvass/v1/api_key_service.pb.h"
#include "canvass/v1/contact_service.pb.h"
#include "canvass/v1/decision_service.pb.h"
#include "canvass/v1/event_service.pb.h"
#include "canvass/v1/event_source_service.pb.h"
#include "canvass/v1/invitation_service.pb.h"
#include "canvass/v1/metric_service.pb.h"
#include "canvass/v1/operation_service.pb.h"
#include "canvass/v1/outbox_service.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/segment_service.pb.h"
#include "canvass/v1/settings_service.pb.h"
#include "canvass/v1/suppression_service.pb.h"
#include "canvass/v1/survey_link_service.pb.h"
#include "canvass/v1/survey_service.pb.h"
#include "canvass/v1/tenant_service.pb.h"
#include "canvass/v1/trigger_service.pb.h"

namespace canvass::isolation {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// What a method needs beside names to be valid, as text format.
const std::map<std::string, std::string>& Contents() {
  static const std::map<std::string, std::string> contents = {
      {"CreateApiKey", "api_key { role: ROLE_INGEST }"},
      {"CreateSurvey",
       "survey_id: 'fresh' survey { definition { default_language: 'en' questions { key: 'q' text { key: 'en' value: "
       "'Q?' } "
       "nps {} } } }"},
      {"CopySurvey", "survey_id: 'fresh'"},
      {"UpdateSurvey", "survey { display_name: 'x' } update_mask { paths: 'display_name' }"},
      {"UpsertContact", "contact { language: 'en' }"},
      {"BatchUpsertContacts", "contacts { language: 'en' }"},
      {"PublishEvents",
       "events { source: 's' id: '1' type: 'nothing.listens' subject: 'pat' time { seconds: 1750000000 } } "
       "contacts { language: 'en' }"},
      {"CreateSegment", "segment_id: 'fresh' segment { condition { text: 'contact.vip = true' } }"},
      {"UpdateSegment", "segment { display_name: 'x' } update_mask { paths: 'display_name' }"},
      {"CreateSuppression", "suppression { reason: REASON_MANUAL }"},
      {"UpdateContactPolicy", "contact_policy { daily_limit: 5 }"},
      {"UpdateChannelSettings", "channel_settings { brand { display_name: 'x' } }"},
      {"CreateEventSource", "event_source_id: 'fresh' event_source { kind: KIND_STRIPE secret: 'whsec_fresh' }"},
      {"UpdateEventSource", "event_source { display_name: 'x' }"},
      {"ReplayOutboxMessages", "start_time { seconds: 1750000000 }"},
      {"CreateSurveyLink", "survey_link_id: 'fresh' survey_link { use: USE_MANY }"},
      {"CreateTrigger", "trigger_id: 'fresh' trigger { event_type: 'nothing.listens' }"},
      {"UpdateTrigger", "trigger { event_type: 'nothing.listens' }"},
      {"BacktestTrigger",
       "trigger { event_type: 'nothing.listens' } start_time { seconds: 1750000000 } end_time { seconds: "
       "1750000001 }"},
      {"AcknowledgeInvitation", "action: ACTION_SHOWN"},
      {"SubmitResponse", "response { answers { question: 'recommend' score: 9 } }"},
      {"BatchSubmitResponses", "requests { response { answers { question: 'recommend' score: 9 } } }"},
      {"StreamResponses", "submissions { response { answers { question: 'recommend' score: 9 } } }"},
      {"SavePartialResponse", "response { answers { question: 'recommend' score: 9 } }"},
      {"UpdateResponse", "response { note: 'x' } update_mask { paths: 'note' }"},
      {"QueryMetric", "metric: METRIC_NPS question: 'recommend'"},
  };
  return contents;
}

// Message types below a request whose `name` says which resource is meant.
const std::set<std::string> kNamingMethods = {"UpdateSurvey",      "UpdateTrigger",       "UpsertContact",
                                              "UpdateTenant",      "BatchUpsertContacts", "PublishEvents",
                                              "UpdateSegment",     "UpdateContactPolicy", "UpdateChannelSettings",
                                              "UpdateEventSource", "UpdateResponse"};
// Fields that hold a name in a request but are output only or not looked at.
const std::set<std::string> kIgnoredFields = {"canvass.v1.Response.invitation", "canvass.v1.Event.name",
                                              "canvass.v1.Invitation.name", "canvass.v1.Invitation.trigger",
                                              "canvass.v1.Invitation.event",
                                              // In a oneof with `trigger`, which the sample has.
                                              "canvass.v1.BacktestTriggerRequest.name"};

std::string MethodOf(const Message& request) {
  const std::string& name = request.GetDescriptor()->name();
  return name.substr(0, name.size() - std::string("Request").size());
}

// "SurveyVersion" → "survey_version".
std::string SnakeCase(const std::string& camel) {
  std::string snake;
  for (const char c : camel) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !snake.empty()) snake += '_';
    snake += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return snake;
}

// What kind of resource `field` of the request of `method` names; empty if none.
std::string KindOf(const std::string& method, const FieldDescriptor& field) {
  const std::string& name = field.name();
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || kIgnoredFields.contains(field.full_name())) return "";
  // What else a response says of itself is not looked at when it is changed.
  if (method == "UpdateResponse" && name != "name") return "";
  if (name == "parent") return method == "ListSurveyVersions" ? "survey" : "tenant";
  if (name == "base" || name == "target" || name == "survey_version") return "survey_version";
  if (name == "source" && method == "CopySurvey") return "survey_version";
  if (name == "duplicate") return "contact";
  if (name == "compare_with") return "trigger";
  for (const char* kind : {"survey", "contact", "segment", "trigger", "event", "invitation"}) {
    if (name == kind) return name;
  }
  if (name == "invitation_token") return name;
  if (name != "name") return "";
  const std::string& owner = field.containing_type()->name();
  const std::string& subject = absl::EndsWith(owner, "Request") ? owner : owner + "Request";
  if (!absl::EndsWith(owner, "Request") && !kNamingMethods.contains(method)) return "";
  for (const char* kind : {"SurveyVersion", "ApiKey", "Tenant", "Survey", "Contact", "Segment", "Suppression", "Event",
                           "EventSource", "Trigger", "Decision", "Invitation", "OutboxMessage", "SurveyLink",
                           "ContactPolicy", "ChannelSettings", "Response", "Operation"}) {
    if (!absl::EndsWith(subject, absl::StrCat(kind, "Request")) &&
        !absl::EndsWith(subject, absl::StrCat(kind, "sRequest")))
      continue;
    return SnakeCase(kind);
  }
  return "";
}

std::string ValueOf(const std::string& kind, const Resources& own) {
  const std::map<std::string, std::string> values = {{"tenant", own.tenant},
                                                     {"api_key", own.api_key},
                                                     {"survey", own.survey},
                                                     {"survey_version", own.survey_version},
                                                     {"contact", own.contact},
                                                     {"event", own.event},
                                                     {"segment", own.segment},
                                                     {"suppression", own.suppression},
                                                     {"trigger", own.trigger},
                                                     {"decision", own.decision},
                                                     {"invitation", own.invitation},
                                                     {"invitation_token", own.invitation_token},
                                                     {"event_source", own.event_source},
                                                     {"outbox_message", own.outbox_message},
                                                     {"survey_link", own.survey_link},
                                                     {"contact_policy", own.tenant + "/contactPolicy"},
                                                     {"channel_settings", own.tenant + "/channelSettings"},
                                                     {"response", own.response},
                                                     {"operation", own.operation}};
  return values.at(kind);
}

void CollectPaths(const std::string& method, const Message& message, const std::string& prefix,
                  std::vector<std::string>& paths) {
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const std::string path = absl::StrCat(prefix, field->name());
    if (field->is_repeated()) {
      if (field->name() == "contacts") paths.push_back("contacts.name");
    } else if (!KindOf(method, *field).empty()) {
      paths.push_back(path);
    } else if (field->message_type() != nullptr && absl::StartsWith(field->message_type()->full_name(), "canvass.") &&
               !absl::EndsWith(field->message_type()->name(), "Condition")) {
      CollectPaths(method, message.GetReflection()->GetMessage(message, field), path + ".", paths);
    }
  }
}

}  // namespace

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file :
       {v1::CreateApiKeyRequest::descriptor()->file(), v1::UpsertContactRequest::descriptor()->file(),
        v1::GetDecisionRequest::descriptor()->file(), v1::PublishEventsRequest::descriptor()->file(),
        v1::GetInvitationRequest::descriptor()->file(), v1::QueryMetricRequest::descriptor()->file(),
        v1::SubmitResponseRequest::descriptor()->file(), v1::CreateSurveyRequest::descriptor()->file(),
        v1::CreateTenantRequest::descriptor()->file(), v1::CreateTriggerRequest::descriptor()->file(),
        v1::CreateSegmentRequest::descriptor()->file(), v1::CreateSuppressionRequest::descriptor()->file(),
        v1::CreateEventSourceRequest::descriptor()->file(), v1::GetOutboxMessageRequest::descriptor()->file(),
        v1::CreateSurveyLinkRequest::descriptor()->file(), v1::GetContactPolicyRequest::descriptor()->file(),
        v1::GetOperationRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) methods.push_back(file->service(0)->method(i));
  }
  return methods;
}

std::unique_ptr<Message> SampleRequest(const MethodDescriptor& method, const Resources& resources) {
  const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
  std::unique_ptr<Message> request(prototype->New());
  const auto content = Contents().find(method.name());
  if (content != Contents().end() && !google::protobuf::TextFormat::ParseFromString(content->second, request.get())) {
    throw std::logic_error(absl::StrCat("the sample for ", method.name(), " does not parse"));
  }
  for (const std::string& path : NamePaths(*request)) SetName(*request, path, resources);
  return request;
}

std::vector<std::string> NamePaths(const Message& request) {
  std::vector<std::string> paths;
  CollectPaths(MethodOf(request), request, "", paths);
  return paths;
}

void SetName(Message& request, const std::string& path, const Resources& resources) {
  Message* message = &request;
  std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(steps[i]);
    message = field->is_repeated() ? message->GetReflection()->MutableRepeatedMessage(message, field, 0)
                                   : message->GetReflection()->MutableMessage(message, field);
  }
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(steps.back());
  message->GetReflection()->SetString(message, field, ValueOf(KindOf(MethodOf(request), *field), resources));
}

}  // namespace canvass::isolation
