// Pieces of a recording in this browser (IndexedDB), until the server has them: {meeting, number, piece, type,
// at, began}. Keys are [meeting, number]; `at`: seconds of the recording, `began`: when it did (ms), which tells it
// apart from others.

let opening;

function database() {
  opening ??= new Promise((opened, failed) => {
    const request = indexedDB.open("rapport-recordings", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("chunks", { keyPath: ["meeting", "number"] });
    request.onsuccess = () => opened(request.result);
    request.onerror = () => failed(request.error);
  });
  return opening;
}

async function inStore(mode, work) {
  const transaction = (await database()).transaction("chunks", mode);
  const request = work(transaction.objectStore("chunks"));
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

const all = (meeting) => IDBKeyRange.bound([meeting], [meeting, []]);

/** Durable once it resolves; rejects where the browser has no room. */
export const keep = (chunk) => inStore("readwrite", (store) => store.put(chunk));

/** What is there of this meeting, in order. */
export const kept = (meeting) => inStore("readonly", (store) => store.getAll(all(meeting)));

export const forget = (meeting) => inStore("readwrite", (store) => store.delete(all(meeting)));
