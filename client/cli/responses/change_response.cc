// canvass response correct, tag, note, exclude, include, delete: what staff do with a response that is there.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/response_service.pb.h"
#include "client/cli/documents/answers.h"
#include "client/cli/exit_code.h"
#include "client/cli/names.h"
#include "client/cli/published_survey.h"
#include "client/cli/responses/verbs.h"
#include "client/cpp/status.h"

namespace canvass::cli {
namespace {

// How often a change is made anew that met another one.
constexpr int kTries = 5;

struct ChangeFlags {
  std::string id;
  std::string reason;
  std::string text;
  std::vector<std::string> add;
  std::vector<std::string> remove;
  std::vector<std::string> answers;
  std::vector<std::string> dismissed;
};

absl::Status Print(Session& session, const absl::StatusOr<v1::Response>& response) {
  return response.ok() ? session.out().PrintOne(*response, ResponseFields()) : response.status();
}

// Reads the response, changes it, writes `field` of it; again if it was changed meanwhile.
absl::Status Change(Session& session, const std::string& id, const std::string& field,
                    const std::function<absl::Status(v1::Response&)>& change) {
  const absl::StatusOr<std::string> name = session.Name("responses", id);
  if (!name.ok()) return name.status();
  v1::GetResponseRequest get;
  get.set_name(*name);
  for (int left = kTries; true; --left) {
    absl::StatusOr<v1::Response> response = session.Call(&client::Responses::GetResponse, get);
    if (!response.ok()) return response.status();
    absl::Status status = change(*response);
    if (!status.ok()) return status;
    v1::UpdateResponseRequest request;
    *request.mutable_response() = *std::move(response);
    request.mutable_update_mask()->add_paths(field);
    const absl::StatusOr<v1::Response> updated = session.Call(&client::Responses::UpdateResponse, request);
    if (client::Reason(updated.status()) != "ETAG_MISMATCH" || left == 1) return Print(session, updated);
  }
}

absl::Status Tag(Session& session, const ChangeFlags& flags) {
  if (flags.add.empty() && flags.remove.empty()) return UsageError("give --add or --remove");
  return Change(session, flags.id, "tags", [&flags](v1::Response& response) {
    std::vector<std::string> tags(response.tags().begin(), response.tags().end());
    std::erase_if(tags, [&](const std::string& tag) { return absl::c_linear_search(flags.remove, tag); });
    for (const std::string& tag : flags.add) {
      if (!absl::c_linear_search(tags, tag)) tags.push_back(tag);
    }
    response.mutable_tags()->Assign(tags.begin(), tags.end());
    return absl::OkStatus();
  });
}

absl::Status Note(Session& session, const ChangeFlags& flags) {
  return Change(session, flags.id, "note", [&flags](v1::Response& response) {
    response.set_note(flags.text);
    return absl::OkStatus();
  });
}

// Puts `answer` in the place of the one to the same question.
void Replace(v1::Answer answer, v1::Response& response) {
  for (v1::Answer& before : *response.mutable_answers()) {
    if (before.question() != answer.question()) continue;
    before = std::move(answer);
    return;
  }
  *response.add_answers() = std::move(answer);
}

absl::Status Correct(Session& session, const ChangeFlags& flags) {
  if (flags.answers.empty() && flags.dismissed.empty()) return UsageError("give --answer or --dismiss");
  return Change(session, flags.id, "answers", [&](v1::Response& response) -> absl::Status {
    const auto version = PublishedSurvey(session, response.survey(), response.survey_version());
    if (!version.ok()) return version.status();
    for (const std::string& text : flags.answers) {
      absl::StatusOr<v1::Answer> answer = ParseAnswer(version->definition(), text);
      if (!answer.ok()) return answer.status();
      Replace(*std::move(answer), response);
    }
    for (const std::string& key : flags.dismissed) {
      absl::StatusOr<v1::Answer> answer = DismissedAnswer(version->definition(), key);
      if (!answer.ok()) return answer.status();
      Replace(*std::move(answer), response);
    }
    return absl::OkStatus();
  });
}

absl::Status Exclude(Session& session, const ChangeFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("responses", flags.id);
  if (!name.ok()) return name.status();
  v1::ExcludeResponseRequest request;
  request.set_name(*name);
  request.set_reason(flags.reason);
  return Print(session, session.Call(&client::Responses::ExcludeResponse, request));
}

absl::Status Include(Session& session, const ChangeFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("responses", flags.id);
  if (!name.ok()) return name.status();
  v1::IncludeResponseRequest request;
  request.set_name(*name);
  return Print(session, session.Call(&client::Responses::IncludeResponse, request));
}

absl::Status Delete(Session& session, const ChangeFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("responses", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status = session.Confirm(absl::StrCat("Erase response ", ShortName(*name), "? This cannot be undone."));
  if (!status.ok()) return status;
  v1::DeleteResponseRequest request;
  request.set_name(*name);
  const auto deleted = session.Call(&client::Responses::DeleteResponse, request);
  if (!deleted.ok()) return deleted.status();
  session.out().Note(absl::StrCat("response ", ShortName(*name), " erased"));
  return absl::OkStatus();
}

}  // namespace

void AddResponseChanges(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<ChangeFlags>();
  const auto add = [&](const char* name, const char* description,
                       absl::Status (*run)(Session&, const ChangeFlags&)) -> CLI::App& {
    CLI::App& verb =
        commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
    verb.add_option("response", flags->id, "Its id")->required();
    return verb;
  };
  CLI::App& correct = add("correct", "Replace some of the answers", Correct);
  correct.add_option("--answer", flags->answers, "question=answer, once for each")->allow_extra_args(false);
  correct.add_option("--dismiss", flags->dismissed, "A question that was seen and not answered")
      ->allow_extra_args(false);
  correct.footer("  canvass response correct 0190… --answer recommend=9\n\nThe other answers stay.");
  CLI::App& tag = add("tag", "Add and remove tags", Tag);
  tag.add_option("--add", flags->add, "A tag, once for each")->allow_extra_args(false);
  tag.add_option("--remove", flags->remove, "A tag, once for each")->allow_extra_args(false);
  add("note", "Write a note for staff", Note)
      .add_option("text", flags->text, "The note, instead of the one before; \"\" for none")
      ->required();
  add("exclude", "Take a response out of all metrics", Exclude)
      .add_option("--reason", flags->reason, "Why")
      ->required();
  add("include", "Count a response in metrics again", Include);
  add("delete", "Erase a response for good", Delete);
}

}  // namespace canvass::cli
