/** What becomes of a person's files once the addresses in the cluster are those of a release. */
export const FILES_TO_RELEASE =
  'From now on give them to release (or to deploy-all, or apply what pin prints of them), never to a plain kubectl ' +
  'apply: that would take out of the pod templates the addresses that keep the releases apart.'
