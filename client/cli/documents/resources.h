// The files that people write about each kind of resource, each as natural as its subject allows. All fields are those
// of the contract (proto/canvass/v1), with what message_reader.h adds; what only the server sets is accepted, so that
// what `get -o yaml` prints can be applied again, and dropped.
//
//   survey     id: post-purchase, display_name, and the definition's own fields (default_language, questions,
//   breakdowns)
//              at the top or under `definition`. A question's kind is a field: `nps:`, `csat: {points: 7}`.
//   trigger    id: after-delivery, event_type, survey: post-purchase, condition: 'event.total > 50', delay: 24h, …
//   policy     frequency_caps, quiet_hours, daily_limit, consent_required, event_retention
//   channels   brand, email, webhook, sms
//   contact    id: customer-7 (the external id), attributes, language, time_zone, addresses
//   segment    id: loyal, display_name, condition: 'contact.orders >= 10'
//   event      source, id, type, subject, time, data
//   response   survey, answers, …, and the submission's invitation_token and request_id
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_RESOURCES_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_RESOURCES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/segment.pb.h"
#include "canvass/v1/settings.pb.h"
#include "canvass/v1/survey.pb.h"
#include "canvass/v1/trigger.pb.h"
#include "client/cli/documents/node.h"
#include "client/cli/documents/problems.h"

namespace canvass::cli {

// A resource and where its file says what.
template <typename Message>
struct Document {
  Message message;
  Locations locations;
};

// Where a document comes from and whose it is.
struct DocumentContext {
  // For messages.
  absl::string_view source;
  // Full name; short names in the file are expanded with it.
  absl::string_view tenant;
};

// Each returns the resource with its full name, or a UsageError with every fault of the document.
absl::StatusOr<Document<v1::Survey>> ReadSurvey(const Node& node, const DocumentContext& context);
absl::StatusOr<Document<v1::Trigger>> ReadTrigger(const Node& node, const DocumentContext& context);
absl::StatusOr<Document<v1::ContactPolicy>> ReadContactPolicy(const Node& node, const DocumentContext& context);
absl::StatusOr<Document<v1::ChannelSettings>> ReadChannelSettings(const Node& node, const DocumentContext& context);
absl::StatusOr<Document<v1::Contact>> ReadContact(const Node& node, const DocumentContext& context);
absl::StatusOr<Document<v1::Segment>> ReadSegment(const Node& node, const DocumentContext& context);
absl::StatusOr<Document<v1::Event>> ReadEvent(const Node& node, const DocumentContext& context);
absl::StatusOr<Document<v1::SubmitResponseRequest>> ReadResponse(const Node& node, const DocumentContext& context);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_RESOURCES_H_
