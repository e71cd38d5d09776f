#include "client/cli/responses/watch_responses.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/answers.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/sending/watching.h"

namespace canvass::cli {
namespace {

// What became of it, which its fields say.
std::string StateText(const v1::WatchResponsesResponse& pushed) {
  if (pushed.erased()) return "erased";
  if (pushed.response().has_exclusion()) return "excluded";
  return pushed.response().has_update_time() ? "changed" : "stored";
}

std::string Line(const v1::WatchResponsesResponse& pushed) {
  const v1::Response& response = pushed.response();
  return absl::StrCat(charts::PadRight(TimeText(response.answer_time()), 20), "  ",
                      charts::PadRight(StateText(pushed), 8), "  ", ShortName(response.name()), "  ",
                      charts::PadRight(charts::Printable(ShortName(response.survey())), 20), "  ",
                      charts::PadRight(charts::Printable(ShortName(response.contact())), 24), "  ",
                      charts::Printable(AnswersText(response)));
}

}  // namespace

absl::Status WatchResponses(Session& session, v1::WatchResponsesRequest request) {
  return Watch(session, std::move(request), &client::Responses::WatchResponses,
               [&session](v1::WatchResponsesResponse pushed) {
                 const std::string line = Line(pushed);
                 // Where to go on is nothing to a reader.
                 pushed.clear_resume_token();
                 const std::string name = pushed.response().name();
                 if (pushed.erased()) return PrintWatched(session, pushed, name, line);
                 PrintWatched(session, pushed.response(), name, line);
               });
}

}  // namespace canvass::cli
