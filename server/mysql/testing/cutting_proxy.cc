#include "server/mysql/testing/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"

namespace canvass::mysql::testing {
namespace {

constexpr int kPollMilliseconds = 20;
constexpr absl::Duration kLateness = absl::Milliseconds(500);
// What the client sends: COM_QUERY and the text.
constexpr absl::string_view kCommit(
    "\x03"
    "COMMIT",
    7);
constexpr std::size_t kPacketHeader = 4;

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  return address;
}

bool WriteAll(int descriptor, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Moves what is there; false at the end of the stream.
bool Forward(int from, int to) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(from, buffer.data(), buffer.size());
  return size > 0 && WriteAll(to, absl::string_view(buffer.data(), static_cast<std::size_t>(size)));
}

bool Readable(int descriptor, int milliseconds) {
  pollfd watched = {.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&watched, 1, milliseconds) > 0;
}

}  // namespace

CuttingProxy::CuttingProxy(const std::string& database_socket) : database_socket_(database_socket) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(socket());
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener_, 64) != 0) {
    std::perror("cutting proxy");
    std::exit(1);
  }
  acceptor_ = std::thread([this] { Accept(); });
}

CuttingProxy::~CuttingProxy() {
  ending_ = true;
  acceptor_.join();
  absl::MutexLock lock(&mutex_);
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
}

void CuttingProxy::Accept() {
  while (!ending_) {
    if (!Readable(listener_, kPollMilliseconds)) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (closed_) {
      close(client);
      continue;
    }
    absl::MutexLock lock(&mutex_);
    connections_.emplace_back([this, client] { Serve(client); });
  }
}

void CuttingProxy::Serve(int client) {
  const int database = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(database_socket_);
  if (connect(database, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    std::array<pollfd, 2> watched = {
        {{.fd = client, .events = POLLIN, .revents = 0}, {.fd = database, .events = POLLIN, .revents = 0}}};
    bool open = true;
    while (open && !ending_) {
      if (poll(watched.data(), watched.size(), kPollMilliseconds) <= 0) continue;
      if (watched[0].revents != 0) open = ForwardRequest(client, database);
      if (open && watched[1].revents != 0) open = Forward(database, client);
    }
  }
  shutdown(client, SHUT_RDWR);
  close(client);
  close(database);
}

bool CuttingProxy::ForwardRequest(int client, int database) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(client, buffer.data(), buffer.size());
  if (size <= 0) return false;
  const absl::string_view packet(buffer.data(), static_cast<std::size_t>(size));
  const bool commits = packet.size() == kPacketHeader + kCommit.size() && packet.substr(kPacketHeader) == kCommit;
  const Cut cut = commits ? cut_.exchange(Cut::kNothing) : Cut::kNothing;
  if (cut != Cut::kNothing) ++cuts_;
  if (cut == Cut::kRequest) return false;
  if (cut == Cut::kLate) {
    shutdown(client, SHUT_RDWR);
    SystemClock().Sleep(kLateness);
  }
  if (!WriteAll(database, packet)) return false;
  if (cut == Cut::kNothing) return true;
  // Wait until it has happened, so that the database does not see the end of the connection first.
  Readable(database, 5000);
  return false;
}

}  // namespace canvass::mysql::testing
