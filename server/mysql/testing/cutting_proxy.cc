#include "server/mysql/testing/cutting_proxy.h"

#include <cstddef>

#include "absl/time/time.h"
#include "server/base/clock.h"

namespace canvass::mysql::testing {
namespace {

constexpr absl::Duration kLateness = absl::Milliseconds(500);
// What the client sends: COM_QUERY and the text.
constexpr absl::string_view kCommit(
    "\x03"
    "COMMIT",
    7);
constexpr std::size_t kPacketHeader = 4;

}  // namespace

CuttingProxy::CuttingProxy(const std::string& database_socket)
    : proxy_(database_socket, [this] {
        return [this](Proxy::Wire& wire, Proxy::Way way, absl::string_view bytes) {
          return way == Proxy::Way::kToServer ? CarryRequest(wire, bytes) : wire.Send(way, bytes);
        };
      }) {}

bool CuttingProxy::CarryRequest(Proxy::Wire& wire, absl::string_view packet) {
  const bool commits = packet.size() == kPacketHeader + kCommit.size() && packet.substr(kPacketHeader) == kCommit;
  const Cut cut = commits ? cut_.exchange(Cut::kNothing) : Cut::kNothing;
  if (cut != Cut::kNothing) ++cuts_;
  if (cut == Cut::kRequest) return false;
  if (cut == Cut::kLate) {
    wire.HangUpOnClient();
    SystemClock().Sleep(kLateness);
  }
  if (!wire.Send(Proxy::Way::kToServer, packet)) return false;
  if (cut == Cut::kNothing) return true;
  // Wait until it has happened, so that the database does not see the end of the connection first.
  wire.AwaitServer(absl::Seconds(5));
  return false;
}

}  // namespace canvass::mysql::testing
