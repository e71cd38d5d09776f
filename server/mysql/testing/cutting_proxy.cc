#include "server/mysql/testing/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "absl/strings/match.h"

namespace canvass::mysql::testing {
namespace {

constexpr int kPollMillis = 50;

sockaddr_un Address(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  return address;
}

bool Readable(int fd, int timeout_millis) {
  pollfd entry = {.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&entry, 1, timeout_millis) > 0;
}

bool WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(std::string target)
    : target_(std::move(target)), socket_(directory_.path() + "/proxy.sock") {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(socket_);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) std::abort();
  if (listen(listener_, 64) != 0) std::abort();
  accepter_ = std::thread([this] { Listen(); });
}

CuttingProxy::~CuttingProxy() {
  stopping_ = true;
  accepter_.join();
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  close(listener_);
}

void CuttingProxy::Listen() {
  while (!stopping_) {
    if (!Readable(listener_, kPollMillis)) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    absl::MutexLock lock(&mutex_);
    threads_.emplace_back([this, client] { Serve(client); });
  }
}

void CuttingProxy::Serve(int client) {
  const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(target_);
  char buffer[65536];
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    pollfd entries[2] = {{.fd = client, .events = POLLIN, .revents = 0},
                         {.fd = server, .events = POLLIN, .revents = 0}};
    bool open = true;
    while (open && !stopping_) {
      if (poll(entries, 2, kPollMillis) <= 0) continue;
      for (int side = 0; side < 2 && open; ++side) {
        if (entries[side].revents == 0) continue;
        const ssize_t size = recv(entries[side].fd, buffer, sizeof(buffer), 0);
        open = size > 0 && Forward(entries[side].fd, entries[1 - side].fd,
                                   absl::string_view(buffer, static_cast<std::size_t>(size)));
      }
    }
  }
  close(server);
  close(client);
}

bool CuttingProxy::Forward(int from, int to, absl::string_view bytes) {
  // The text protocol: a header of four bytes, the command number, then the statement.
  const bool commit = absl::EndsWith(bytes,
                                     "\x03"
                                     "COMMIT");
  const Cut cut = commit ? cut_.exchange(Cut::kNever) : Cut::kNever;
  if (cut == Cut::kNever) return WriteAll(to, bytes);
  ++cuts_;
  if (cut == Cut::kAfterTheServerDidIt && WriteAll(to, bytes)) {
    // Its answer says that it is done; it goes no further.
    char answer[64];
    [[maybe_unused]] const ssize_t size = recv(to, answer, sizeof(answer), 0);
  }
  return false;
}

}  // namespace canvass::mysql::testing
