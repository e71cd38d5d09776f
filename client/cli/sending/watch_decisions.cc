#include "client/cli/sending/watch_decisions.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/sending/watching.h"

namespace canvass::cli {
namespace {

// For a stream there is no widest text to wait for, so usual widths line most of it up.
std::string Line(const v1::Decision& decision) {
  return absl::StrCat(TimeText(decision.decide_time()), "  ",
                      charts::PadRight(charts::Printable(ShortName(decision.trigger())), 20), "  ",
                      charts::PadRight(charts::Printable(ShortName(decision.contact())), 24), "  ",
                      charts::PadRight(EnumText(*v1::Decision::Outcome_descriptor(), decision.outcome()), 10), "  ",
                      EnumText(*v1::Decision::Reason_descriptor(), decision.reason()));
}

}  // namespace

absl::Status WatchDecisions(Session& session, v1::WatchDecisionsRequest request) {
  return Watch(session, std::move(request), &client::Decisions::WatchDecisions,
               [&session](const v1::WatchDecisionsResponse& response) {
                 const v1::Decision& decision = response.decision();
                 PrintWatched(session, decision, decision.name(), Line(decision));
               });
}

}  // namespace canvass::cli
