// One response on its way into the database, from the call that brought it to the answer that the call gets.
//
// Owned by one thread at a time, which hands it on: the caller's, a resolver's, the queue, a writer's.
#ifndef CANVASS_SERVER_RESPONSES_SUBMISSION_H_
#define CANVASS_SERVER_RESPONSES_SUBMISSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/responses/response.h"

namespace canvass::responses {

using SubmitDone = absl::AnyInvocable<void(absl::StatusOr<v1::SubmitResponseResponse>)>;

struct Submission {
  explicit Submission(const TenantScope& tenant_scope) : scope(tenant_scope) {}

  // Gives the call its answer. Once.
  void Answer(absl::StatusOr<v1::SubmitResponseResponse> answer) { done(std::move(answer)); }

  // Takes over what Validate() found out about `content`, which is right: leaves hidden answers out of it.
  void Accept(Outcome outcome) {
    hidden_answers = LeaveOut(outcome.hidden_answers, content);
    quotas = std::move(outcome.quotas);
    content.set_completeness(outcome.completeness);
    valid = true;
  }

  // True if the same call can come again and must find what it did the first time.
  bool Repeatable() const { return single_use_key != id.bytes(); }

  const TenantScope scope;
  Uuid id;
  // What can be stored once: a digest of the invitation, else of the request id, else the response id. 16 bytes.
  std::string single_use_key;
  // Tells a repeated call from another one under the same key. 16 bytes.
  std::string content_digest;
  SurveyId survey;
  // The version that the caller says it answers, 0 if it does not say.
  int asked_version = 0;
  ContactId contact;
  std::optional<Uuid> invitation;
  // What the caller sent, without what is beside it here. The answer time is always set.
  v1::Response content;
  // The draft that it completes, and what the caller sent beside it: `content` without what the draft adds.
  std::optional<Uuid> draft;
  v1::Response sent;
  // What it is counted by. Null as long as the invitation or draft, which names it, has not been read.
  std::shared_ptr<const v1::SurveyVersion> version;
  absl::Time create_time;
  // Check it and store nothing.
  bool validate_only = false;
  // After how many responses the survey is closed, 0 for any number.
  int64_t max_responses = 0;

  // Not ok: it must not be stored, and this is the answer, unless it is stored already and this is a repeated call.
  absl::Status refusal;

  absl::Time deadline = absl::InfiniteFuture();
  // About what it takes in memory and in the database.
  std::size_t bytes = 0;
  SubmitDone done;

  // Whether the required hidden fields may be missing.
  MissingFields missing_hidden = MissingFields::kRefused;

  // True once `content` fits `version`. Then `hidden_answers` are the questions whose answers were left out of it, and
  // `quotas` the places of those in the definition that it counts towards.
  bool valid = false;
  std::vector<std::string> hidden_answers;
  std::vector<int> quotas;
  // True once a COMMIT that held it went unanswered: from then on nothing but the database can say whether it is
  // stored.
  bool maybe_stored = false;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_SUBMISSION_H_
