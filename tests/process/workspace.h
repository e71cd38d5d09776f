// What tests and benchmarks need on a server: a tenant with a key, a published survey, a trigger, a way to make
// answers.
#ifndef CANVASS_TESTS_PROCESS_WORKSPACE_H_
#define CANVASS_TESTS_PROCESS_WORKSPACE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/api_key.pb.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/survey.pb.h"
#include "client/cpp/client.h"

namespace canvass::testing {

// Resource names, and a client with the admin's key.
struct Workspace {
  std::string address;
  std::string tenant;
  std::string credential;
  std::string survey;
  std::string trigger;
  std::unique_ptr<client::Client> admin;
};

// A client of `address` over plaintext, for servers on loopback.
std::unique_ptr<client::Client> Connect(const std::string& address, const std::string& credential);

// Creates the tenant, an admin key, the published survey `visit` (an NPS, a CSAT, a choice and a text question, broken
// down by `event.country`) and the trigger `after-visit` on `visit.ended` events.
absl::StatusOr<Workspace> MakeWorkspace(const std::string& address, const std::string& operator_credential,
                                        const std::string& tenant_id);

// Creates the survey in the workspace's tenant, publishes it and returns its name.
absl::StatusOr<std::string> PublishSurvey(const Workspace& workspace, const std::string& survey_id,
                                          const v1::SurveyDefinition& definition);

// Returns the credential of a new key.
absl::StatusOr<std::string> MakeKey(const Workspace& workspace, v1::ApiKey::Role role);

// The nth visit of `contact`: deterministic, so that sending it again is a duplicate.
v1::Event MakeEvent(absl::string_view contact, int64_t n);

// The nth response without an invitation: every score and country occurs, deterministically.
v1::SubmitResponseRequest MakeSubmission(const Workspace& workspace, int64_t n);

// The nth answers, to be sent with the invitation's token.
v1::SubmitResponseRequest MakeSubmission(const Workspace& workspace, const v1::Invitation& invitation, int64_t n);

}  // namespace canvass::testing

#endif  // CANVASS_TESTS_PROCESS_WORKSPACE_H_
