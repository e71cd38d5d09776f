#include "server/responses/drafts/draft.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "server/responses/validation/hidden_facts.h"

namespace canvass::responses {
namespace {

using Answers = google::protobuf::RepeatedPtrField<v1::Answer>;

// Sets the facts of `from` in `target`: hidden fields one by one, since page and caller may each know others.
void SetFacts(const google::protobuf::Struct& from, google::protobuf::Struct& target) {
  for (const auto& [key, value] : from.fields()) {
    if (key != kHidden) (*target.mutable_fields())[key] = value;
  }
  if (!from.fields().contains(kHidden)) return;
  auto& hidden = *(*target.mutable_fields())[kHidden].mutable_struct_value()->mutable_fields();
  for (const auto& [key, value] : HiddenIn(from).fields()) hidden[key] = value;
}

// Sets what `from` has in `target`, times as a whole; answers of both stay.
void SetFrom(const v1::Response& from, v1::Response& target) {
  google::protobuf::Struct facts;
  facts.Swap(target.mutable_facts());
  SetFacts(from.facts(), facts);
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  from.GetReflection()->ListFields(from, &fields);
  for (const auto* field : fields) {
    if (!field->is_repeated()) target.GetReflection()->ClearField(&target, field);
  }
  target.MergeFrom(from);
  target.mutable_facts()->Swap(&facts);
  if (target.facts().fields().empty()) target.clear_facts();
}

Answers::iterator FindAnswer(Answers& answers, const std::string& question) {
  return std::find_if(answers.begin(), answers.end(),
                      [&](const v1::Answer& answer) { return answer.question() == question; });
}

// One save on its way into a draft.
class Adding {
 public:
  Adding(int64_t revision, Draft& draft) : revision_(revision), late_(revision < draft.revision), draft_(draft) {}

  void Put(const v1::Answer& answer) {
    if (!IsNewer(answer.question())) return;
    Answers& answers = *draft_.content.mutable_answers();
    const auto known = FindAnswer(answers, answer.question());
    (known == answers.end() ? *answers.Add() : *known) = answer;
    draft_.answer_revisions[answer.question()] = revision_;
  }

  void TakeBack(const std::string& question) {
    if (!IsNewer(question)) return;
    Answers& answers = *draft_.content.mutable_answers();
    const auto known = FindAnswer(answers, question);
    if (known != answers.end()) answers.erase(known);
    draft_.answer_revisions[question] = revision_;
  }

  void PutRest(v1::Response rest) {
    rest.clear_answers();
    if (!late_) return SetFrom(rest, draft_.content);
    FillFrom(rest, draft_.content);
  }

 private:
  bool IsNewer(const std::string& question) {
    if (!late_) return true;
    const auto known = draft_.answer_revisions.find(question);
    if (known != draft_.answer_revisions.end()) return known->second <= revision_;
    Answers& answers = *draft_.content.mutable_answers();
    return FindAnswer(answers, question) == answers.end();
  }

  const int64_t revision_;
  const bool late_;
  Draft& draft_;
};

}  // namespace

void AddSave(const v1::SavePartialResponseRequest& save, Draft& draft) {
  const int64_t revision = save.revision() == 0 ? draft.revision + 1 : save.revision();
  Adding adding(revision, draft);
  for (const v1::Answer& answer : save.response().answers()) adding.Put(answer);
  for (const std::string& question : save.cleared_questions()) adding.TakeBack(question);
  adding.PutRest(save.response());
  draft.revision = std::max(draft.revision, revision);
}

void FillFrom(const v1::Response& draft, v1::Response& response) {
  absl::flat_hash_set<std::string> answered;
  for (const v1::Answer& answer : response.answers()) answered.insert(answer.question());
  v1::Response filled = draft;
  filled.clear_answers();
  SetFrom(response, filled);
  for (const v1::Answer& answer : draft.answers()) {
    if (!answered.contains(answer.question())) *filled.add_answers() = answer;
  }
  response.Swap(&filled);
}

}  // namespace canvass::responses
