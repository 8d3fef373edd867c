/** What stands in the way lies in the local files: a sentence for the user. */
export class LocalProblem extends Error {
  override readonly name = 'LocalProblem';
}

/** The files change while they are read: they are not what was listed any more. */
export class LocalChange extends Error {
  override readonly name = 'LocalChange';
}

/** The host will not take it, in a sentence for the user. Not that it could not be reached. */
export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
}
