#include "server/responses/changing/update_response.h"

#include <google/protobuf/struct.pb.h>

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/aip/field_mask.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/responses/response.h"
#include "server/responses/response_name.h"

namespace canvass::responses {
namespace {

constexpr absl::string_view kFields[] = {"answers", "tags", "note"};
constexpr int kMaxTags = 20;
constexpr std::size_t kMaxTag = 64;
constexpr std::size_t kMaxNote = 4000;
constexpr std::size_t kMaxReason = 200;

void CheckTags(const v1::Response& response, Violations& violations) {
  if (response.tags_size() > kMaxTags) {
    violations.Add("response.tags",
                   absl::StrCat("has ", response.tags_size(), " tags, of which it may have ", kMaxTags));
  }
  std::set<absl::string_view> known;
  for (int i = 0; i < response.tags_size() && i <= kMaxTags; ++i) {
    const std::string& tag = response.tags(i);
    const std::string path = absl::StrCat("response.tags[", i, "]");
    if (tag.empty() || tag.size() > kMaxTag || !IsUtf8(tag) || HasControlCharacter(tag)) {
      violations.Add(path, "must be 1 to 64 bytes of UTF-8 without control characters");
    } else if (!known.insert(tag).second) {
      violations.Add(path, absl::StrCat("'", tag, "' is there twice"));
    }
  }
}

std::string AnswersOf(const v1::Response& response) {
  v1::Response answers;
  *answers.mutable_answers() = response.answers();
  return StableBytes(answers);
}

// Checks the answers that `changed` has now as if they were submitted; leaves hidden ones out, where the survey says
// so.
void CheckAnswers(const v1::SurveyDefinition& definition, absl::Time now, v1::Response& changed,
                  Violations& violations) {
  v1::Response candidate = changed;
  google::protobuf::Struct facts;
  const bool invited = !changed.invitation().empty();
  if (invited) facts.Swap(candidate.mutable_facts());
  if (invited) candidate.clear_facts();
  // The facts stay as they were taken.
  const ResponseContext context = {
      .now = now, .invitation_facts = invited ? &facts : nullptr, .missing_hidden = MissingFields::kAllowed};
  const Outcome outcome = Validate(definition, context, candidate, violations);
  if (!violations.empty()) return;
  LeaveOut(outcome.hidden_answers, changed);
  changed.set_completeness(outcome.completeness);
}

}  // namespace

absl::StatusOr<v1::Response> UpdateResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                            const v1::UpdateResponseRequest& request) {
  if (!request.has_response()) return FieldError(v1::ERROR_REASON_INVALID_FIELD, "response", "is required");
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseResponseName(scope, "response.name", request.response().name()));
  return ChangeResponse(
      rooms, scope, id, [&](const v1::SurveyDefinition& definition, v1::Response& response) -> absl::Status {
        const std::string& etag = request.response().etag();
        if (!etag.empty() && etag != response.etag()) {
          return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
                       "response.etag is not the current one: somebody else changed the response; read it again, then "
                       "change it");
        }
        const std::string answers = AnswersOf(response);
        CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kFields, request.response(), response));
        Violations violations;
        CheckTags(response, violations);
        if (response.note().size() > kMaxNote || !IsUtf8(response.note())) {
          violations.Add("response.note", absl::StrCat("must be UTF-8 of at most ", kMaxNote, " bytes; it has ",
                                                       response.note().size()));
        }
        // What was stored stays right for whoever adds a tag, whatever the rules for answers have become since.
        if (AnswersOf(response) != answers) CheckAnswers(definition, rooms.clock.Now(), response, violations);
        return violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE);
      });
}

absl::StatusOr<v1::Response> ExcludeResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                             const v1::ExcludeResponseRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseResponseName(scope, "name", request.name()));
  const std::size_t characters = CharacterCount(request.reason());
  if (characters == 0 || characters > kMaxReason || !IsUtf8(request.reason())) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "reason",
                      absl::StrCat("must be 1 to ", kMaxReason, " characters; it has ", characters));
  }
  return ChangeResponse(rooms, scope, id, [&](const v1::SurveyDefinition& /*definition*/, v1::Response& response) {
    if (!response.has_exclusion()) *response.mutable_exclusion()->mutable_exclude_time() = ToProto(rooms.clock.Now());
    response.mutable_exclusion()->set_reason(request.reason());
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Response> IncludeResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                             const v1::IncludeResponseRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseResponseName(scope, "name", request.name()));
  return ChangeResponse(rooms, scope, id, [](const v1::SurveyDefinition& /*definition*/, v1::Response& response) {
    response.clear_exclusion();
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::DeleteResponseResponse> DeleteResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                                          const v1::DeleteResponseRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseResponseName(scope, "name", request.name()));
  CANVASS_RETURN_IF_ERROR(EraseResponse(rooms, scope, id));
  return v1::DeleteResponseResponse();
}

}  // namespace canvass::responses
