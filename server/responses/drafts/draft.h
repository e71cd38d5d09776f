// What a respondent has answered so far, and the rule by which more is added to it.
//
// Pure.
#ifndef CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_H_
#define CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/response_service.pb.h"

namespace canvass::responses {

// A response that is not whole yet. With an answer_time it was handed in, and is kept for a while so that its
// respondent still finds the thanks.
struct Draft {
  // Whether there is one at all.
  bool IsSaved() const { return expire_time != absl::Time(); }

  v1::Response content;
  // The greatest that was saved; 0 if no caller counts its saves.
  int64_t revision = 0;
  // By question: which save brought its answer or took it back.
  std::map<std::string, int64_t> answer_revisions;
  absl::Time update_time;
  absl::Time expire_time;
};

// Adds what the caller saves. A save that is not the latest adds only answers to questions that no later one has spoken
// of, and of the rest only what is not there.
void AddSave(const v1::SavePartialResponseRequest& save, Draft& draft);

// Adds what `draft` has and `response` has not: answers by their questions, the rest as a whole.
void FillFrom(const v1::Response& draft, v1::Response& response);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_H_
